"""Which Spanish words are forms of a word: the dictionary has few of them.

Accents count: a form is one only as it is written right, so that "organizacion" is none.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from newsletter.issues.checking.slips.lexicon import listed

# How a stem is written before another vowel, or changes: (in the form, in the verb, verb's ending).
_WRITTEN = (
    ("qu", "c", "ar"), ("gu", "g", "ar"), ("c", "z", "ar"), ("zc", "c", "er"), ("zc", "c", "ir"),
    ("j", "g", "er"), ("j", "g", "ir"), ("z", "c", "er"), ("z", "c", "ir"), ("g", "gu", "ir"),
    ("í", "i", "ar"), ("ú", "u", "ar"), ("gü", "gu", "ar"),
)  # fmt: skip
_CHANGED = {
    "ar": (("ue", "o"), ("ie", "e"), ("jue", "ju")),
    "er": (("ue", "o"), ("ie", "e"), ("hue", "o")),
    "ir": (("ue", "o"), ("ie", "e"), ("i", "e"), ("u", "o")),
}
_FUTURE, _PAST, _GO = "future", "past", "first person"
_STRONG = (
    ("tendr", "tener", _FUTURE), ("vendr", "venir", _FUTURE), ("pondr", "poner", _FUTURE),
    ("saldr", "salir", _FUTURE), ("podr", "poder", _FUTURE), ("querr", "querer", _FUTURE),
    ("har", "hacer", _FUTURE), ("dir", "decir", _FUTURE), ("valdr", "valer", _FUTURE),
    ("sabr", "saber", _FUTURE), ("cabr", "caber", _FUTURE),
    ("tuv", "tener", _PAST), ("estuv", "estar", _PAST), ("pud", "poder", _PAST),
    ("pus", "poner", _PAST), ("sup", "saber", _PAST), ("quis", "querer", _PAST),
    ("hic", "hacer", _PAST), ("hizo", "hacer", ""), ("vin", "venir", _PAST),
    ("dij", "decir", _PAST), ("traj", "traer", _PAST), ("duj", "ducir", _PAST),
    ("anduv", "andar", _PAST), ("cup", "caber", _PAST),
    ("teng", "tener", _GO), ("veng", "venir", _GO), ("pong", "poner", _GO),
    ("salg", "salir", _GO), ("hag", "hacer", _GO), ("dig", "decir", _GO), ("traig", "traer", _GO),
    ("caig", "caer", _GO), ("oig", "oír", _GO), ("valg", "valer", _GO),
    ("viene", "venir", ""), ("vienes", "venir", ""), ("vienen", "venir", ""),
    ("tiene", "tener", ""), ("tienes", "tener", ""), ("tienen", "tener", ""),
    ("puesto", "poner", ""), ("puesta", "poner", ""), ("puestos", "poner", ""),
    ("puestas", "poner", ""), ("hecho", "hacer", ""), ("hecha", "hacer", ""),
    ("hechos", "hacer", ""), ("hechas", "hacer", ""),
)  # fmt: skip
_PREFIXES = ("", "re", "man", "ob", "con", "de", "dis", "pro", "inter", "pre", "des", "ex",
             "su", "com", "im", "in", "contra", "pos", "pospo", "sos", "abs", "tra", "tras",
             "at")  # fmt: skip
_CLITICS = ["me", "te", "se", "nos", "lo", "la", "le", "los", "las", "les"]
_CLITICS += [first + second for first in ("me", "te", "se", "nos") for second in _CLITICS[4:]]
# The stress lies before the last syllable: dígan(le), haciéndo(lo), envíe(nos).
_STRESSED_BEFORE = re.compile(r"[áéíóú][^aeiouáéíóú]*[aeo]n?$|[áé]ndo$|í[ae]n?$")
_ACCENTS = str.maketrans("áéíóú", "aeiou")
_NOUNS = (
    ("s", ""), ("es", ""), ("ces", "z"), ("iones", "ión"), ("ones", "ón"), ("anes", "án"),
    ("enes", "én"), ("ines", "ín"), ("unes", "ún"), ("eses", "és"), ("ases", "ás"), ("ises", "ís"),
    ("a", "o"), ("as", "o"), ("os", "o"), ("a", ""), ("as", ""), ("ona", "ón"), ("onas", "ón"),
    ("esa", "és"), ("esas", "és"), ("ina", "ín"), ("ana", "án"), ("anas", "án"),
    ("mente", ""), ("amente", "o"), ("ito", "o"), ("ita", "a"), ("itos", "o"), ("itas", "a"),
    ("ito", ""), ("ita", ""), ("cito", ""), ("cita", ""), ("ísimo", "o"), ("ísima", "o"),
    ("ísimos", "o"), ("ísimas", "o"), ("as", "a"),
)  # fmt: skip


@cache
def _by_ending() -> Mapping[str, tuple[str, ...]]:
    """The verbs' own endings by the endings that their forms have."""
    verbs = ("ar", "er", "ir")
    endings = {ending for verb in verbs for ending in listed("es", verb)}
    return {one: tuple(verb for verb in verbs if one in listed("es", verb)) for one in endings}


@cache
def _strong() -> Mapping[str, str]:
    """The forms of the verbs that follow no rule, by form."""
    return {
        stem + ending: verb
        for stem, verb, group in _STRONG
        for ending in (listed("es", group) if group else ("",))
    }


def origins(word: str) -> Iterator[str]:
    """Yield what a word in small letters may be a form of, the likeliest first."""
    yield from _of_a_noun(word)
    yield from _of_a_verb(word)
    for clitic in _CLITICS:
        if word.endswith(clitic) and len(word) > len(clitic) + 2:
            yield from _before_a_clitic(word[: -len(clitic)])


def _before_a_clitic(bare: str) -> Iterator[str]:
    """Infinitives as they are; what keeps its stress is written with an accent (haciéndolo)."""
    if bare.endswith(("ar", "er", "ir", "ír")):
        yield bare
    elif len(bare) <= 3 or _STRESSED_BEFORE.search(bare):
        yield from _of_a_verb(bare.translate(_ACCENTS))
    if bare.endswith(("ár", "ér", "ír")):
        yield bare.translate(_ACCENTS)


def _of_a_noun(word: str) -> Iterator[str]:
    for ending, instead in _NOUNS:
        if word.endswith(ending) and len(word) - len(ending) > 1:
            stem = word[: -len(ending)]
            if ending == "es" and stem[-1:] in "nsz" and not instead and _accented(stem):
                yield stem.translate(_ACCENTS)  # imágenes: the accent comes with the plural
            if not _takes(stem, ending, instead):
                continue
            yield stem + instead


def _takes(stem: str, ending: str, instead: str) -> bool:
    """Whether a noun may take an ending: casas, flores, doctora, but not casaes, hacera."""
    is_vowel = stem[-1] in "aeiouáéíóú"
    if ending == "s":
        return is_vowel
    if ending in {"es", "a", "as"} and not instead:
        is_verb = ending != "es" and stem.endswith(("ar", "er", "ir"))
        return not is_vowel and not is_verb and len(stem) > 3 - (ending == "es")
    return True


def _accented(stem: str) -> bool:
    return any(char in "áéíóú" for char in stem)


def _of_a_verb(word: str) -> Iterator[str]:
    unstressed = listed("es", "unstressed")
    for size in range(1, min(7, len(word) - 1)):
        stem, ending = word[:-size], word[-size:]
        for verb in _by_ending().get(ending, ()):
            if not (ending in unstressed and stem + verb in listed("es", "stressed")):
                yield stem + verb
            for written, instead, of in _WRITTEN:
                if of == verb and stem.endswith(written):
                    yield stem[: -len(written)] + instead + verb
            for changed, usual in _CHANGED[verb]:
                at = stem.rfind(changed)
                if at >= 0 and (len(changed) == 1 or ending in unstressed):
                    other = stem[:at] + usual + stem[at + len(changed) :]
                    yield other + verb
                    for written, instead, of in _WRITTEN:
                        if of == verb and other.endswith(written):
                            yield other[: -len(written)] + instead + verb
    for prefix in _PREFIXES:
        if word.startswith(prefix) and (verb := _strong().get(word[len(prefix) :], "")):
            yield prefix + verb
