"""What was wrong, in pairs of words -> each of them once, however many places it stood in."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import NamedTuple

_NOON = 12
_WORD = re.compile(r"\d+(?::\d+)*|[^\W\d]+")


class Pair(NamedTuple):
    """The right words and the wrong ones, as readers see them; one of them may be empty."""

    right: str
    wrong: str


def not_said_yet(pairs: Iterable[Pair], said: Collection[Pair]) -> list[Pair]:
    """Return the pairs that these, `said` elsewhere, leave unsaid, in their order.

    Of "Saturday, not Sunday" and "Saturday, December 5, not Sunday, December 6" it is the second.
    """
    pairs = list(dict.fromkeys(pairs))
    known, kept = list(said), []
    for pair in sorted(pairs, key=lambda pair: -len(pair.right + pair.wrong)):
        if pair not in known and not _is_in(pair, known):
            known.append(pair)
            kept.append(pair)
    return [pair for pair in pairs if pair in kept]


def _is_in(pair: Pair, known: Iterable[Pair]) -> bool:
    """Return whether these say it too: what the right words have and the wrong ones have not, and
    the other way round."""
    right, wrong = _words(pair.right), _words(pair.wrong)
    if not right - wrong or not wrong - right:
        return False
    return _are_in(right - wrong, _words(*(one.right for one in known))) and _are_in(
        wrong - right, _words(*(one.wrong for one in known))
    )


def _are_in(words: Iterable[str], known: Collection[str]) -> bool:
    """Return whether all are among these, some perhaps shortened."""
    return all(any(_are_one(word, other) for other in known) for word in words)


def _are_one(word: str, other: str) -> bool:
    """Return whether two words are the same, or one is short for the other: `Sat`, `Saturday`."""
    short, long = sorted((word, other), key=len)
    return short == long or (short.isalpha() and long.startswith(short))


def _words(*texts: str) -> set[str]:
    # "10 a.m." says what "10:00 AM" does, 18:30 what "6:30 p.m."; vowel marks would part a word.
    whole = unicodedata.normalize("NFKD", " ".join(texts).casefold().replace(".", ""))
    text = "".join(char for char in whole if not unicodedata.combining(char))
    return {_by_twelve(word).removesuffix(":00") for word in _WORD.findall(text)}


def _by_twelve(word: str) -> str:
    hour, colon, minutes = word.partition(":")
    is_late = colon and _NOON < int(hour) < 2 * _NOON
    return f"{int(hour) - _NOON}:{minutes}" if is_late else word
