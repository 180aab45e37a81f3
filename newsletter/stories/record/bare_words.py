"""A text as bare words, so that neither markup nor letters that look alike can hide a quote.

Unicode's list of confusables (UTS 39) has thousands; these are those of the alphabets and small
capitals from which a Latin word can be spelled. Fullwidth, mathematical, circled and accented
letters come apart by compatibility decomposition (NFKD).
"""

import re
import unicodedata
from collections.abc import Mapping

# Upper case first: a Greek capital eta looks like an H, its small letter like an n.
_CAPITALS = {
    "a": "ΑАᎪ",
    "b": "ΒВᏴ",
    "c": "СϹᏟ",
    "d": "Ꭰ",
    "e": "ΕЕᎬ",
    "g": "ԌᏀ",
    "h": "ΗНᎻ",
    "i": "ΙІӀᏆ",
    "j": "ЈᎫ",
    "k": "ΚКᏦ",
    "l": "Ꮮ",
    "m": "ΜМᎷ",
    "n": "Ν",
    "o": "ΟОՕ",
    "p": "ΡРᏢ",
    "s": "ЅՏᏚ",
    "t": "ΤТᎢ",
    "v": "ѴᏙ",
    "w": "ԜᎳ",
    "x": "ΧХ",
    "y": "ΥУҮ",
    "z": "ΖᏃ",
}
_SMALL = {
    "a": "αаɑᴀ",
    "b": "βвьʙ",
    "c": "сϲᴄ",
    "d": "ԁđᴅɖ",
    "e": "εеєᴇɛ",
    "f": "ƒꜰ",
    "g": "ɡցɢ",
    "h": "нһհħʜ",
    "i": "ιіıɩɪ",
    "j": "јյᴊ",
    "k": "κкᴋ",
    "l": "ӏłʟ",
    "m": "мᴍ",
    "n": "ηпոɴ",
    "o": "οоօσøᴏ",
    "p": "ρрᴘ",
    "q": "ԛ",
    "r": "гʀ",
    "s": "ѕꜱ",
    "t": "τтŧᴛ",
    "u": "υսʋᴜµμ",
    "v": "νѵᴠ",
    "w": "ωԝաᴡ",
    "x": "χхҳ",
    "y": "γуүʏ",
    "z": "ᴢ",
    "ae": "æ",
    "oe": "œ",
    # Letters that two keyboards write the same word with.
    "ي": "ىی",
    "ك": "ک",
    "ه": "ةہ",
}
_ALIKE = str.maketrans({char: latin for latin, chars in _CAPITALS.items() for char in chars})
_ALIKE_SMALL = str.maketrans(
    {char: latin for latin, chars in _SMALL.items() for char in chars}
    | {"ـ": "", "ᅟ": "", "ᅠ": "", "ㅤ": ""}  # drawn as a line, or not at all
)
_FIGURES = str.maketrans({"0": "o", "1": "l", "i": "l"})
# Scripts written without spaces: each letter counts, as half a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_HALF = re.compile(f"[{_UNSPACED}]")
_APOSTROPHES = re.compile("(?<=\\w)['\u2018\u2019\u02bc\u00b4`\uff07](?=\\w)")


class _Marks(dict[int, str | None]):
    """What of a decomposed text is left out: accents, vowel signs and what cannot be seen."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        kept = None if unicodedata.category(char) in ("Mn", "Mc", "Me", "Cf") else char
        self[code] = kept
        return kept


_MARKS: Mapping[int, str | None] = _Marks()


def words_of(text: str) -> list[str]:
    """Return bare words: no case, accents, punctuation, markup, or other alphabets' look-alikes."""
    text = _APOSTROPHES.sub("", text)
    if text.isascii():
        plain = text.casefold()
    else:
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
