"""Words that tell nothing about a person, their inflections, and people's names. [I/O]

The short lists are our own and hold plain forms; endings are taken off a word until a listed one
is left, which is coarse on purpose. Behind them stand the dictionaries of `pyspellchecker` (how
often a word is said in films), and the names frequent in the United States, of `zxcvbn`.
"""

import unicodedata
from functools import cache
from importlib.resources import files

from babel import Locale
from spellchecker import SpellChecker
from zxcvbn.frequency_lists import FREQUENCY_LISTS

# How often a word is said before it stands for itself: English has many that are names too.
_FREQUENT = {"en": 20_000, "es": 1_000}
_LONGEST_ENDING = 7
_VERBS = ("ar", "er", "ir")
_ENGLISH_ENDINGS = (
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("d", ""),
    ("ied", "y"), ("ing", ""), ("ing", "e"), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"),
    ("est", ""), ("est", "e"), ("ly", ""), ("ily", "y"), ("ally", ""), ("y", ""), ("y", "e"),
    ("ness", ""), ("less", ""), ("ful", ""), ("ment", ""), ("n't", ""), ("'t", ""), ("'re", ""),
    ("'ve", ""), ("'ll", ""), ("'d", ""), ("'m", ""), ("ier", "y"), ("iest", "y"), ("al", ""),
    ("able", ""), ("able", "e"), ("ion", ""), ("ion", "e"), ("ions", ""), ("ions", "e"),
)  # fmt: skip
_SPANISH_ENDINGS = (
    ("s", ""), ("es", ""), ("ces", "z"), ("a", "o"), ("as", "o"), ("os", "o"), ("a", ""),
    ("as", ""), ("mente", ""), ("amente", "o"), ("iones", "ion"), ("ito", "o"), ("ita", "a"),
    ("itos", "o"), ("itas", "a"), ("ito", ""), ("ita", ""), ("isimo", "o"), ("isima", "o"),
    ("as", "a"), ("os", ""), ("que", "car"), ("quen", "car"), ("gue", "gar"), ("guen", "gar"),
    ("ce", "zar"), ("cen", "zar"), ("eme", "ar"), ("ame", "ir"), ("ame", "er"), ("enme", "ar"),
    ("anme", "ir"), ("enos", "ar"),
)  # fmt: skip
# Endings of common words that are hardly ever a name's: learned words, adverbs, diseases.
_PLAIN_ENDINGS = {
    "en": (
        "tion", "tions", "sion", "ment", "ments", "ness", "ity", "ities", "able", "ible", "ously",
        "ingly", "ally", "ively", "ology", "ized", "izing", "ation", "ful", "less", "ship",
    ),
    "es": (
        "cion", "ciones", "sion", "siones", "mente", "idad", "idades", "osis", "itis", "emia",
        "uria", "patia", "ectomia", "ografia", "ografias", "ologia", "ologico", "ologica", "scopia",
        "ante", "antes", "iente", "ientes", "oso", "osa", "osos", "osas", "ivo", "iva", "ivos",
        "ivas", "ico", "ica", "icos", "icas", "able", "ables", "ible", "ibles", "ada", "ado",
        "ados", "adas", "ido", "idos", "idas", "ando", "iendo", "miento", "mientos", "aje", "oma",
        "omas", "ular", "ulares", "ario", "aria", "arios", "arias", "orio", "oria", "orios",
        "orias", "uro", "ina", "inas", "aron", "ieron", "aba", "aban", "ismo", "ista", "genos",
        "geno", "ural", "ales", "eal", "ual", "uales", "encia", "encias", "ancia", "ancias", "tora",
        "tores", "dora", "dores", "dor", "tor", "dad", "dades", "grama", "metria", "terapia",
        "plastia", "stomia", "genico", "genica", "trofia", "plasia", "algia", "ectasia", "penia",
        "rragia", "rrea", "iasis", "megalia", "scopico", "scopica", "patica", "patico", "lisis",
    ),
}  # fmt: skip


def plain(word: str) -> str:
    """Return the word in small letters without accents; ñ becomes n."""
    folded = unicodedata.normalize("NFKD", word.casefold().replace("’", "'"))
    return "".join(char for char in folded if not unicodedata.combining(char))


@cache
def names() -> frozenset[str]:
    """Return given and family names, and the countries' names of one word, in both languages."""
    countries = {
        plain(name)
        for language in ("en", "es")
        for code, name in Locale(language).territories.items()
        if code.isalpha() and " " not in name
    }
    return word_list("names.txt") | countries


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Return the plain forms of `en` or `es`."""
    return word_list(f"ordinary.{language}.txt")


@cache
def word_list(name: str) -> frozenset[str]:
    """Read the plain words of one of our lists."""
    text = files("newsletter.stories.scan").joinpath("lists", name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(plain(word) for line in lines for word in line.split())


@cache
def frequent_names() -> frozenset[str]:
    """Return the given and family names that are frequent in the United States."""
    lists = ("female_names", "male_names", "surnames")
    return frozenset(name for one in lists for name in FREQUENCY_LISTS[one])


@cache
def dictionary(language: str, at_least: int = 0) -> frozenset[str]:
    """Return the plain words of `en` or `es` that are said so many times, without names."""
    times = SpellChecker(language=language).word_frequency.dictionary.items()
    said = {word if word.isascii() else plain(word) for word, count in times if count >= at_least}
    return frozenset(said - names() - frequent_names())


def is_listed(word: str, language: str) -> bool:
    """Return whether a plain word, or a form it may come from, is in the list."""
    known = ordinary_words(language)
    if word in known:
        return True
    return any(form in known for form in forms(word, language) if len(form) > 1)


def is_ordinary(word: str, language: str) -> bool:
    """Return whether a plain word is listed, frequent, or ends as names hardly ever do.

    The English dictionary has inflected forms: one that it has not ("tilly") is no form of "till".
    """
    endings = _PLAIN_ENDINGS.get(language, ())
    if language == "en":
        word = word.removesuffix("'s")
    is_known = language == "es" or word in ordinary_words("en") or word in dictionary("en")
    return (
        (is_known and is_listed(word, language))
        or (len(word) > 6 and word.endswith(endings))
        or _is_said(word, language, _FREQUENT[language])
    )


def is_rare(word: str, language: str) -> bool:
    """Return whether no dictionary has a plain word, nor a form it may come from."""
    return not (is_ordinary(word, language) or _is_said(word, language, 0))


def _is_said(word: str, language: str, at_least: int) -> bool:
    said = dictionary(language, at_least)
    return word in said or any(form in said for form in forms(word, language) if len(form) > 2)


def forms(word: str, language: str) -> set[str]:
    """Return what may be left of a plain word without its ending; `en` or `es`."""
    endings = _endings(language)
    stems = {word}
    if (
        language == "es"
    ):  # stems that change under stress: cuento, contar; quiere, querer; pide, pedir
        changes = (("ue", "o"), ("ie", "e"), ("i", "e"))
        stems |= {word.replace(changed, usual, 1) for changed, usual in changes}
    found = {
        stem[: len(stem) - size] + instead
        for stem in stems
        for size in range(1, min(_LONGEST_ENDING, len(stem) - 2) + 1)
        for instead in endings.get(stem[len(stem) - size :], ())
    }
    if language == "en":
        found |= {form[:-1] for form in found if len(form) > 3 and form[-1:] == form[-2:-1]}
    return found


@cache
def _endings(language: str) -> dict[str, tuple[str, ...]]:
    """What may stand in the place of an ending, by the ending."""
    pairs = list(_SPANISH_ENDINGS if language == "es" else _ENGLISH_ENDINGS)
    if language == "es":
        pairs += [(one, verb) for verb in _VERBS for one in word_list(f"verbs.{verb}.txt")]
    return {ending: tuple({new for one, new in pairs if one == ending}) for ending, _ in pairs}
