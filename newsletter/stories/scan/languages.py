"""Which language each part of a text is in, of those whose words the scan knows."""

import re
from dataclasses import dataclass, replace

from newsletter.stories.scan.spelled import SPELLED
from newsletter.stories.scan.vocabulary import is_listed, plain

KNOWN = ("en", "es")
FEW_WORDS, MANY_WORDS = 5, 12  # fewer than few say nothing; only many say that none is known
ENOUGH_KNOWN = 0.45  # of the words: 0.9 is usual, half where somebody spells by ear
ENOUGH_MIXED = 0.7  # of the words, known in one language or another: "le dije al boss que no"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """Characters `start` to `end` of a text in one language; None is one that is not known."""

    start: int
    end: int
    language: str | None


def passages(text: str, declared: str) -> tuple[Passage, ...]:
    """Part a text by language, a line or more each.

    `declared` is BCP 47 and decides only about lines too short to tell, where no line before does.
    """
    declared = declared.lower().split("-")[0]
    current = declared if declared in KNOWN else None
    found: list[Passage] = []
    for line in _LINE.finditer(text):
        if line[0].isspace():
            continue
        current = _language_of(line[0], declared, current)
        if found and found[-1].language == current:
            found[-1] = replace(found[-1], end=line.end())
        else:
            found.append(Passage(start=line.start(), end=line.end(), language=current))
    return tuple(found)


def unknown_passages(text: str, declared: str) -> tuple[Passage, ...]:
    """Return the parts in a language that the scan does not know: there it marks only what has a
    shape (numbers, addresses, contacts) and capitals, and a person has to read for the rest.
    """
    return tuple(one for one in passages(text, declared) if one.language is None)


def _language_of(line: str, declared: str, before: str | None) -> str | None:
    """The known language that has enough of a line's words; where few words tell, as before."""
    for _, spelled in SPELLED:  # a spelled address is in no language
        line = spelled.sub(" ", line)
    words = [plain(match[0]) for match in _WORD.finditer(line)]
    latin = [word for word in words if word[0].isascii()]
    if sum(map(len, latin)) * 3 < sum(map(len, words)):
        return None
    small = [plain(match[0]) for match in _WORD.finditer(line) if match[0][0].islower()]
    if len(small) < FEW_WORDS:
        return before
    shares = {
        language: sum(is_listed(word, language) for word in small) / len(small)
        for language in KNOWN
    }
    best = max(KNOWN, key=lambda language: (shares[language], language == declared))
    known = sum(any(is_listed(word, language) for language in KNOWN) for word in small)
    if shares[best] >= ENOUGH_KNOWN or known >= ENOUGH_MIXED * len(small):
        return best
    return before if len(small) < MANY_WORDS else None
