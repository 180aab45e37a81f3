"""Which language each part of a text is in, of those whose words the scan knows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsletter.stories.scan.vocabulary import is_listed, plain

KNOWN = ("en", "es")
ENOUGH_WORDS = 5  # fewer say too little about their language
ENOUGH_KNOWN = 0.6  # of the words
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINE = re.compile(r"[^\n]*\S[^\n]*")


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
        words = _words(line[0])
        if _says_enough(words):
            current = _language_of(words, declared)
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


def _words(line: str) -> list[str]:
    return [match[0] for match in _WORD.finditer(line)]


def _says_enough(words: list[str]) -> bool:
    """Whether there are words enough; a script without spaces has long ones instead."""
    return len(words) >= ENOUGH_WORDS or any(not _is_latin(word) for word in words)


def _is_latin(word: str) -> bool:
    return plain(word)[:1].isascii()


def _language_of(words: list[str], declared: str) -> str | None:
    """The known language that has most of the words, if it has enough of them."""
    small = [plain(word) for word in words if not word[:1].isupper()] or list(map(plain, words))
    shares = {
        language: sum(is_listed(word, language) for word in small) / len(small)
        for language in KNOWN
    }
    best = max(KNOWN, key=lambda language: (shares[language], language == declared))
    return best if shares[best] >= ENOUGH_KNOWN else None
