"""Recognising a withdrawn story's words again, from hashes alone.

A text is cut into overlapping runs of five words, each hashed (w-shingling; Broder 1997), and only
the smallest hashes are kept, at most one in six: kept runs seldom overlap, so that guessing one
does not lead to the next. Someone who has the text already can tell that it was withdrawn.
"""

import hashlib
import re
import unicodedata

RUN = 5
ENOUGH = 4  # runs in common that no two texts share by chance
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Bare words: case, accents, punctuation and markup are gone, so that edits do not hide."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def fingerprints(text: str) -> frozenset[str]:
    """The text's kept hashes (48 bits each); empty for fewer than five words."""
    found = runs(text)
    return frozenset(sorted(found)[: max(ENOUGH, min(24, len(found) // 6))])


def holds(text: str, withdrawn: frozenset[str]) -> bool:
    """Whether the text carries a good part of the withdrawn words."""
    return shares(runs(text), withdrawn)


def shares(found: set[str], withdrawn: frozenset[str]) -> bool:
    """As `holds`, for the runs of a text that is compared with many."""
    return bool(withdrawn) and len(found & withdrawn) >= min(ENOUGH, len(withdrawn))


def text_hash(text: str) -> str:
    """SHA-256 of all the words: knows the whole text again, and nothing less."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()


def runs(text: str) -> set[str]:
    """The hashes of all runs of the text."""
    words = words_of(text)
    return {
        hashlib.sha256(" ".join(words[start : start + RUN]).encode()).hexdigest()[:12]
        for start in range(len(words) - RUN + 1)
    }
