"""Which English words are forms of a word: British spellings, and endings put on what is known."""

import re
from collections.abc import Iterator

# What a British word has, and an American one in the place of it.
_BRITISH = tuple(
    (re.compile(british), american)
    for british, american in (
        (r"(?<=\w\w)our(?=$|s$|ed|ing|it|ab|ful|hood|less|ly|al|er)", "or"),
        (r"is(e[ds]?|er|ers|ing|ation|ations|ational)$", r"iz\1"),
        (r"ys(e[ds]?|er|ers|ing)$", r"yz\1"),
        (r"t(?:re(s?)|red)$", r"ter\1"),
        (r"ll(ed|ing|er|ers)$", r"l\1"),
        (r"ogue(s?)$", r"og\1"),
        (r"enc(es?|eless)$", r"ens\1"),
        (r"gramme(s?)$", r"gram\1"),
        (r"[ao]e", "e"),
        (r"^sceptic", "skeptic"),
        (r"^(s?m)ould", r"\1old"),
        (r"vre(s?)$", r"ver\1"),
        (r"l(ment|ments|ful)$", r"ll\1"),
        (r"([st])\1(ed|ing)$", r"\1\2"),
    )
)
_ENDINGS = ("s", "'s", "er", "ers", "ed", "d", "r", "rs", "ing", "ings", "y", "ish", "less", "ness",
            "able", "like", "ly", "wise", "ize", "ized", "izing", "ization", "ee", "ees", "ism",
            "ist", "ists", "ship", "hood", "ful", "es", "ity")  # fmt: skip
_PREFIXES = (
    "anti", "auto", "back", "bio", "co", "counter", "cross", "cyber", "de", "dis", "down", "eco",
    "ex", "geo", "in", "inter", "macro", "mega", "micro", "mid", "mini", "mis", "multi", "neo",
    "non", "off", "on", "out", "over", "post", "pre", "pro", "re", "self", "semi", "sub", "super",
    "tele", "trans", "ultra", "un", "under", "up", "web",
)  # fmt: skip


def american(word: str) -> Iterator[str]:
    """Yield the American spellings that a British one may stand for."""
    for changed in _changed(word):
        yield changed
        yield from _changed(changed)


def _changed(word: str) -> Iterator[str]:
    for british, instead in _BRITISH:
        if british.search(word):
            yield british.sub(instead, word)


def stems(word: str) -> Iterator[str]:
    """Yield what is left of a word without an ending, or a beginning, that any word may take."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 3:
            yield stem
            if ending[0] in "aei":
                yield stem + "e"
                if stem[-1] == stem[-2]:
                    yield stem[:-1]
    for prefix in _PREFIXES:
        stem = word.removeprefix(prefix)
        if stem != word and len(stem) > 3:
            yield stem
