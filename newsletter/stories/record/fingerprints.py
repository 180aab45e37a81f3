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
    """Bare words: case, accents, punctuation and markup are gone, so that edits do not hide."""
    plain = text.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
    return _WORD.findall(plain)


def fingerprints(text: str) -> frozenset[str]:
    """The text's kept hashes (48 bits each); empty for fewer than five words."""
    found = runs(words_of(text))
    return frozenset(sorted(found)[: max(ENOUGH, min(24, len(found) // 6))])


def holds(text: str, withdrawn: frozenset[str]) -> bool:
    """Whether the text carries a good part of the withdrawn words."""
    return shares(runs(words_of(text)), withdrawn)


def shares(found: set[str], withdrawn: frozenset[str]) -> bool:
    """As `holds`, for the runs of a text that is compared with many."""
    return bool(withdrawn) and len(found & withdrawn) >= min(ENOUGH, len(withdrawn))


def text_hash(text: str) -> str:
    """SHA-256 of all the words: knows the whole text again, and nothing less."""
    return words_hash(words_of(text))


def words_hash(words: Iterable[str]) -> str:
    """The same for words that were found already."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def runs(words: Sequence[str]) -> set[str]:
    """The hashes of all runs of the words."""
    found = zip(*(words[start:] for start in range(RUN)), strict=False)
    return {words_hash(run)[:12] for run in found}
