"""Words that tell nothing about a person: short lists of ours, and their inflections. [I/O]

The lists are our own. They hold plain forms; endings are taken off a word until a listed one is
left, which is coarse on purpose: a wrongly ordinary word is rare, a long list is not needed.
"""

import unicodedata
from functools import cache
from importlib.resources import files

from babel import Locale

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
    """Return the plain forms of a language; both languages' for any other one."""
    if language not in ("en", "es"):
        return ordinary_words("en") | ordinary_words("es")
    return word_list(f"ordinary.{language}.txt")


@cache
def word_list(name: str) -> frozenset[str]:
    """Read the plain words of one of our lists."""
    text = files("newsletter.stories.scan").joinpath("lists", name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(plain(word) for line in lines for word in line.split())


@cache
def is_listed(word: str, language: str) -> bool:
    """Return whether a plain word, or a form it may come from, is in the list."""
    known = ordinary_words(language)
    if word in known:
        return True
    return any(form in known for form in _forms(word, language) if len(form) > 1)


@cache
def is_ordinary(word: str, language: str) -> bool:
    """Return whether a plain word is listed, or ends as names hardly ever do."""
    endings = _PLAIN_ENDINGS.get(language, ())
    return is_listed(word, language) or (len(word) > 6 and word.endswith(endings))


def _forms(word: str, language: str) -> set[str]:
    endings = _SPANISH_ENDINGS if language == "es" else _ENGLISH_ENDINGS
    forms = {
        word[: len(word) - len(ending)] + instead
        for ending, instead in endings
        if word.endswith(ending) and len(word) - len(ending) >= 2
    }
    if language == "es":
        # Stems that change under stress: cuento, contar; quiere, querer.
        stems = {word, word.replace("ue", "o", 1), word.replace("ie", "e", 1)}
        forms |= {
            stem[: len(stem) - len(ending)] + verb
            for stem in stems
            for verb in ("ar", "er", "ir")
            for ending in word_list(f"verbs.{verb}.txt")
            if stem.endswith(ending) and len(stem) - len(ending) >= 2
        }
    else:
        forms |= {form[:-1] for form in forms if len(form) > 3 and form[-1:] == form[-2:-1]}
    return forms
