"""Recognising a withdrawn story's words again, from hashes alone.

A text is cut into overlapping runs of five words, each hashed (w-shingling; Broder 1997). The
hashes say nothing about the words to someone who does not have the text already.
"""

import hashlib
import re
import unicodedata

RUN = 5
KEPT = 400  # hashes a text: the smallest ones, so that two copies keep the same ones
ENOUGH = 0.3  # the share of one text's runs found in the other
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def words_of(text: str) -> list[str]:
    """Bare words: case, accents, punctuation and markup are gone, so that edits do not hide."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def fingerprints(text: str) -> frozenset[str]:
    """The text's hashes (48 bits each); empty for fewer than five words."""
    return frozenset(sorted(_hashes(text))[:KEPT])


def holds(text: str, withdrawn: frozenset[str]) -> bool:
    """Whether the text carries a good part of the withdrawn words, or is mostly made of them."""
    if not withdrawn:
        return False
    found = _hashes(text)
    shared = len(found & withdrawn)
    if shared < min(4, len(withdrawn)):
        return False
    # A long text keeps only its smallest hashes: compare within the range both could have kept.
    limit = max(withdrawn)
    comparable = [run for run in found if run <= limit]
    return shared >= ENOUGH * len(withdrawn) or shared >= ENOUGH * max(1, len(comparable))


def _hashes(text: str) -> set[str]:
    words = words_of(text)
    return {
        hashlib.sha256(" ".join(words[start : start + RUN]).encode()).hexdigest()[:12]
        for start in range(len(words) - RUN + 1)
    }
