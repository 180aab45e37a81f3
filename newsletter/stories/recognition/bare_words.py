"""A text as bare words, so that neither markup nor letters that look alike can hide a quote.

Unicode's list of confusables (UTS 39) has thousands; these are those of the alphabets and small
capitals from which a Latin word can be spelled. Fullwidth, mathematical, circled and accented
letters come apart by compatibility decomposition (NFKD).
"""

import re
import unicodedata
from collections.abc import Mapping

# Before case is folded: a Greek capital eta looks like an H, its small letter like an n.
_CAPITALS = {
    "a": "ΑАᎪꓮ",
    "b": "ΒВᏴꓐᏏ",
    "c": "СϹᏟꓚꮯ",
    "d": "ᎠꓓᏧ",
    "e": "ΕЕᎬꓰ",
    "f": "ꓝ",
    "g": "ԌᏀꓖᏳ",
    "h": "ΗНᎻꓧᏂ",
    "i": "ΙІӀᏆꓲꭵᎥ",
    "j": "ЈᎫꓙ",
    "k": "ΚКᏦꓗ",
    "l": "Ꮮꓡ",
    "m": "ΜМᎷꓟ",
    "n": "Νꓠ",
    "o": "ΟОՕꓳ",
    "p": "ΡРᏢꓑ",
    "r": "ꓣᎡᏒꮁ",
    "s": "ЅՏᏚꓢᏕꮪ",
    "t": "ΤТᎢꓔ",
    "u": "ꓴ",
    "v": "ѴᏙꓦꮩ",
    "w": "ԜᎳꓪᏔꮃ",
    "x": "ΧХꓫ",
    "y": "ΥУҮꓬᎩᎽ",
    "z": "ΖᏃꓜꮓ",
}
_SMALL = {
    "a": "αаɑᴀⲁ",
    "b": "βвьʙⲃ",
    "c": "сϲᴄⲥ",
    "d": "ԁđᴅɖ",
    "e": "εеєᴇɛⲉ",
    "f": "ƒꜰ",
    "g": "ɡցɢ",
    "h": "нһհħʜⲏ",
    "i": "ιіıɩɪⲓ",
    "j": "јյᴊ",
    "k": "κкᴋⲕ",
    "l": "ӏłʟǀ",
    "m": "мᴍⲙ",
    "n": "ηпոɴⲛ",
    "o": "οоօσøᴏⲟ",
    "p": "ρрᴘⲣ",
    "q": "ԛ",
    "r": "гʀⲅ",
    "s": "ѕꜱ",
    "t": "τтŧᴛⲧ",
    "u": "υսʋᴜµμ",
    "v": "νѵᴠ",
    "w": "ωԝաᴡ",
    "x": "χхҳⲭ",
    "y": "γуүʏⲩ",
    "z": "ᴢ",
    "ae": "æ",
    "oe": "œ",
    # Letters that two keyboards write the same word with.
    "ي": "ىی",
    "ك": "ک",
    "ه": "ةہ",
}
_WHITE_ON_BLACK = {start + at: chr(97 + at) for start in (0x1F150, 0x1F170) for at in range(26)}
_ALIKE = _WHITE_ON_BLACK | str.maketrans(
    {char: latin for latin, chars in _CAPITALS.items() for char in chars}
)
_ALIKE_SMALL = str.maketrans(
    {char: latin for latin, chars in _SMALL.items() for char in chars}
    | {"ـ": "", "ᅟ": "", "ᅠ": "", "ㅤ": ""}  # drawn as a line, or not at all
)
_FIGURES = str.maketrans({"0": "o", "1": "l", "i": "l"})
# Scripts written without spaces: each letter counts, as half a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_HALF = re.compile(f"[{_UNSPACED}]")
_PARTED = re.compile(r"(?<=[^\W\d_])[-\u2010]\s+(?=[^\W\d_])")  # at the end of a line
_BACKWARDS = re.compile("\u202e([^\u202c\n]*)")  # shown from right to left
_APOSTROPHES = re.compile("(?<=\\w)['\u2018\u2019\u02bc\u00b4`\uff07](?=\\w)")


_UNSEEN = frozenset(["Mn", "Mc", "Me", "Cf", "Cn", "Co"])


class _Marks(dict[int, str | None]):
    """What of a decomposed text is left out: accents, vowel signs and what cannot be seen."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        kept = None if unicodedata.category(char) in _UNSEEN else char
        self[code] = kept
        return kept


_MARKS: Mapping[int, str | None] = _Marks()


def words_of(text: str) -> list[str]:
    """Return bare words: no case, accents, punctuation, markup, or other alphabets' look-alikes."""
    text = _APOSTROPHES.sub("", _PARTED.sub("", text))
    if text.isascii():
        plain = text.casefold()
    else:
        text = _BACKWARDS.sub(lambda shown: shown[1][::-1], text)
        apart = unicodedata.normalize("NFKD", text).translate(_ALIKE).casefold()
        plain = apart.translate(_MARKS).translate(_ALIKE_SMALL)
    return [word for word in _WORD.findall(plain.translate(_FIGURES)) if word]


def weight(word: str) -> float:
    """Return how much of a word it is: a letter of a script without spaces is half of one."""
    return 0.5 if _HALF.fullmatch(word) else 1.0


# Words that everybody says: alone they are nobody's quote.
EVERYBODYS = frozenset(
    words_of(
        """
a about after all also always am an and any are as at back be because been before being but by can
cant come could did didnt do does doesnt doing dont down even ever every few find first for from
get getting go going good got had has have having he her here hers him his how i id if ill im in
into is isnt it its ive just know last let lets like little long look lot made make many may me
might more most much must my need never new no not nothing now of off oh ok on once one only or
other our out over own people put really right said same say see she should since so some
something still such take tell than that thats the their them then there theres these they theyre
thing things think this those though time to too two up us very want wanted was wasnt way we well
went were what when where which while who whole why will with wont work would year years yes yet
you your youre youve a al algo ahora antes asi aun aunque bien cada como con cosa cosas cuando
cual de decir del desde despues dia dias donde dos el ella ellas ellos en entonces entre era eran
es esa esas ese eso esos esta estaba estan estar estas este esto estos estoy fue fueron ha habia
hace hacer hacia han hasta hay he hemos la las le les lo los mas me mi mis mucho muchos muy nada
ni no nos nosotros nuestra nuestro o otra otro para pero poco por porque pues que quien se sea ser
si sido sin sobre solo son soy su sus tambien tan tanto te tenemos tener tengo tenia tiempo tiene
tienen toda todas todo todos tu un una uno unos usted va vamos van ver vez voy y ya yo
"""
    )
)
