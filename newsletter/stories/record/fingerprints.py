"""Recognising a withdrawn story's words again, from hashes alone.

A text is cut into overlapping runs of five words, each hashed (w-shingling; Broder 1997), and only
the smallest hashes are kept, at most one in six: kept runs seldom overlap, so that guessing one
does not lead to the next. Someone who has the text already can tell that it was withdrawn.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence

RUN = 5
ENOUGH = 4  # runs in common that no two texts share by chance
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Return bare words: no case, accents, punctuation or markup, so that edits do not hide."""
    plain = text.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
    return _WORD.findall(plain)


def fingerprints(text: str) -> frozenset[str]:
    """Return the text's kept hashes (48 bits each); empty for fewer than five words."""
    shingles = shingles_of(words_of(text))
    return frozenset(sorted(shingles)[: max(ENOUGH, min(24, len(shingles) // 6))])


def overlaps(shingles: set[str], kept: frozenset[str]) -> bool:
    """Return whether a text's shingles have a good part of the hashes kept of another text."""
    return bool(kept) and len(shingles & kept) >= min(ENOUGH, len(kept))


def text_hash(text: str) -> str:
    """Return SHA-256 of all the words: knows the whole text again, and nothing less."""
    return words_hash(words_of(text))


def words_hash(words: Iterable[str]) -> str:
    """Return SHA-256 of words as `words_of` finds them."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def shingles_of(words: Sequence[str]) -> set[str]:
    """Return the hashes of all runs of five words."""
    runs = zip(*(words[start:] for start in range(RUN)), strict=False)
    return {words_hash(run)[:12] for run in runs}
