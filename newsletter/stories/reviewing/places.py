"""Where words stand in a text: whole words, in any case, with or without accents."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.stories.scan.sentences import is_abbreviation, sentence_ends
from newsletter.stories.scan.vocabulary import plain

_PUNCTUATION = ".,;:!?…،؛؟۔。！？、"
_QUOTES = "\"'“”‘’«»¿¡"
_POSSESSIVE = re.compile(r"(?<=\w)['’][sS]\Z")
# An empty line, or the sign of a list, of a heading or of speech.
_NEW_LINE = re.compile(r"\n[ \t]*\n\s*\Z|^[ \t]*(?:[-–—•*>#]+|\d{1,3}[.)])\Z", re.MULTILINE)
# Written as one with the word that follows: and, in, to, the in Arabic and in Hebrew.
_PREFIXES = re.compile("[وف]?[بلك]?(?:ال)?|ו?[בלכמש]?ה?")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` of a text."""

    start: int
    end: int


def begins_sentence(before: str) -> bool:
    """Return whether a word that follows this text begins a sentence."""
    left = before.rstrip(" \t\u00a0\u202f([" + _QUOTES)
    if not left.strip() or _NEW_LINE.search(left):
        return True
    tail = left.rstrip()[-200:]
    return any(end == len(tail) for end in sentence_ends(tail))


def pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a span at the ends of sentences; each piece without spaces and marks at its edges."""
    for stop in (*(at for at in sentence_ends(text[:end]) if start < at < end), end):
        span = _trimmed(text, start, stop)
        if span is not None:
            yield span
        start = stop


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while True:
        before = (start, end)
        words = text[start:end]
        start += len(words) - len(words.lstrip())
        end -= len(words) - len(words.rstrip())
        words = text[start:end]
        if not any(char.isalnum() for char in words):
            return None
        if words[0] in _PUNCTUATION + _QUOTES or (words[0] == "(" and ")" not in words):
            start += 1
        elif _is_loose(words):
            end -= 1
        elif possessive := _POSSESSIVE.search(words):
            end -= len(possessive[0])
        if before == (start, end):
            return Span(start=start, end=end)


def _is_loose(words: str) -> bool:
    """Whether the last character is not a part of the words before it."""
    if words[-1] in _PUNCTUATION:
        return not (words[-1] == "." and is_abbreviation(words, len(words) - 1))
    return words[-1] in _QUOTES or (words[-1] == ")" and "(" not in words)


def folded(words: str) -> str:
    """Return words as they are compared: no case, no accents, single spaces."""
    return " ".join(plain(words).split())


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """A text in which words are found whatever their case, accents and line breaks."""

    text: str = field(repr=False)

    @cached_property
    def _chars(self) -> list[tuple[str, int]]:
        return [(piece, at) for at, char in enumerate(self.text) for piece in plain(char)]

    @cached_property
    def plain(self) -> str:
        """Return the text as it is searched."""
        return "".join(char for char, _ in self._chars)

    def find(self, key: str) -> Iterator[Span]:
        """Find every place of `folded` words, as whole words."""
        pattern = r"\s+".join(map(re.escape, key.split()))
        for match in re.finditer(pattern, self.plain) if pattern else ():
            start = self._chars[match.start()][1]
            end = self._chars[match.end() - 1][1] + 1
            while end < len(self.text) and unicodedata.combining(self.text[end]):
                end += 1
            if self._begins(start) and self._ends(end):
                yield Span(start=start, end=end)

    def _begins(self, start: int) -> bool:
        if start == 0 or not self._is_one(self.text[start - 1], self.text[start]):
            return True
        word = re.search(r"\w*\Z", self.text[max(0, start - 6) : start])
        return bool(word and len(word[0]) < 6 and _PREFIXES.fullmatch(word[0]))

    def _ends(self, end: int) -> bool:
        return end == len(self.text) or not self._is_one(self.text[end - 1], self.text[end])

    @staticmethod
    def _is_one(left: str, right: str) -> bool:
        """Whether two characters belong to one word: not in scripts without spaces."""
        return all(
            (char.isalnum() or unicodedata.combining(char)) and not _UNSPACED.match(char)
            for char in (left, right)
        )


_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
