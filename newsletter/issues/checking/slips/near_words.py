"""Which words a mistyped one may have been: one slip of the fingers away, and often said."""

from collections.abc import Iterator
from enum import StrEnum

_LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz'", "es": "abcdefghijklmnopqrstuvwxyzáéíóúñü"}
_ROWS = ("qwertyuiop", "asdfghjklñ", "zxcvbnm")
NO_ACCENTS = str.maketrans("áéíóúüñ", "aeiouun")


class Kind(StrEnum):
    """What the fingers did."""

    ACCENT = "accent"
    SWAPPED = "swapped"
    DOUBLED = "doubled"
    DROPPED = "dropped"
    NEIGHBOR = "neighbor"
    EXTRA = "extra"
    OTHER = "other"


def _neighbors() -> dict[str, frozenset[str]]:
    """The keys beside each key, on an English or Spanish keyboard."""
    places = {key: (x + y * 0.5, y) for y, row in enumerate(_ROWS) for x, key in enumerate(row)}
    return {
        key: frozenset(
            other
            for other, (left, top) in places.items()
            if other != key and abs(left - x) <= 1 and abs(top - y) <= 1
        )
        for key, (x, y) in places.items()
    }


_NEIGHBORS = _neighbors()


def near(word: str, language: str) -> Iterator[tuple[str, Kind]]:
    """Yield every spelling that is one slip away from a word in small letters, with the slip."""
    letters = _LETTERS[language]
    for at in range(len(word)):
        before, char, after = word[:at], word[at], word[at + 1 :]
        if after and char != after[0]:
            yield before + after[0] + char + after[1:], Kind.SWAPPED
        is_double = bool(after) and char == after[0]
        yield before + after, Kind.DOUBLED if is_double else Kind.EXTRA
        for letter in letters:
            if letter not in (
                char,
                char.translate(NO_ACCENTS),
            ):  # accents that are too many are left
                yield before + letter + after, _replaced(char, letter)
    for at in range(len(word) + 1):
        for letter in letters:
            yield word[:at] + letter + word[at:], Kind.DROPPED


def _replaced(char: str, letter: str) -> Kind:
    if char == letter.translate(NO_ACCENTS):
        return Kind.ACCENT
    plain = letter.translate(NO_ACCENTS)
    return Kind.NEIGHBOR if plain in _NEIGHBORS.get(char, ()) else Kind.OTHER
