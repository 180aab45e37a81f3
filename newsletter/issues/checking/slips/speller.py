"""What English and Spanish know of a word: whether it is one, and what it was probably meant to be.

A word is only called wrong where another that is said often lies one slip of the fingers away:
names, other languages' words and new ones have no such neighbor.
"""

import math
import unicodedata
from collections.abc import Set
from functools import cache, cached_property

from newsletter.issues.checking.slips import english_forms, lexicon, spanish_forms
from newsletter.issues.checking.slips.near_words import Kind, near

# How often a word must be said (a power of ten), by what the fingers did and the letters written.
# Measured on 87 real feeds (bench/slips.py): below these lie jargon and names.
_LEAST = {
    Kind.ACCENT: {4: 3.0},
    Kind.SWAPPED: {3: 6.5, 4: 4.0, 5: 3.0, 8: 2.0},
    Kind.DROPPED: {3: 5.5, 4: 4.3, 5: 3.3, 6: 3.0, 8: 2.0},
    Kind.DOUBLED: {4: 4.3, 5: 3.3, 6: 2.7, 8: 2.0},
    Kind.NEIGHBOR: {4: 4.4, 5: 3.5, 6: 3.3, 7: 2.7, 8: 2.3},
    Kind.EXTRA: {5: 5.0, 6: 4.0, 7: 3.0},
    Kind.OTHER: {5: 5.5, 6: 5.0, 7: 4.0, 8: 3.0},
}
_SURE = (Kind.SWAPPED, Kind.DROPPED, Kind.DOUBLED)  # what endings and beginnings do not explain
_LIKELIER = {Kind.ACCENT: 5, Kind.SWAPPED: 1, Kind.DOUBLED: 1, Kind.DROPPED: 1}
_BY_FORM = (Kind.ACCENT, Kind.SWAPPED, Kind.DROPPED, Kind.DOUBLED, Kind.NEIGHBOR)
_LEAST_OF_A_NAME = 3.3  # at the beginning of a sentence a name may stand
_DOUBTED = 1.5  # a word that nobody says may be meant, so another must be said so much more
_SCALE = {"en": 0.0, "es": 0.5}  # the Spanish dictionary was counted in fewer films
_OF_A_FORM = 1.0  # a form is said less often than its word
_PARTED_LEAST = 3.5
_OFTEN = 1_000
# Said so often, an English word is a small one: it is easily written together with the next.
_SMALL = 5.7
_FIRST_OF_TWO = ("ly", "ing", "ed", "tion", "tions", "ies", "ments")  # none begins a compound


class Speller:
    """One language's words, and those that are right beside them."""

    def __init__(self, language: str, also: Set[str] = frozenset()) -> None:
        self.language = language
        self._also = also
        self._times = lexicon.times(language)
        self._asked: dict[str, str] = {}

    def knows(self, word: str) -> bool:
        """Return whether a word in small letters is one, or a form of one."""
        if word in self._also or word in self._times:
            return True
        if self.language == "es":
            return self._said_by_form(word) > 0
        return self._is_spelled_otherwise(word)

    def doubts(self, word: str) -> bool:
        """Return whether a word in small letters is one that hardly anybody says."""
        is_listed = word in self._also or word in self._listed("known")
        return len(word) > 3 and self._times.get(word) == lexicon.RARE and not is_listed

    def is_common(self, word: str) -> bool:
        """Return whether a word in small letters or a form of one, is said often."""
        return self._power(word) >= math.log10(_OFTEN)

    def meant(self, word: str, *, may_be_name: bool = False) -> str:
        """Return what an unknown word in small letters was probably meant to be, or nothing."""
        if word not in self._asked:
            best, how_often = self._best(word)
            self._asked[word] = best
            self._asked[f"{word}?"] = best if how_often >= _LEAST_OF_A_NAME else ""
        return self._asked[f"{word}?" if may_be_name else word]

    def _best(self, word: str) -> tuple[str, float]:
        """Return the word that was most probably meant, and how often it is said (a power)."""
        doubt = _DOUBTED if word in self._times else 0.0
        is_form = self._is_stretched(word)
        found: dict[str, tuple[float, float]] = {}
        for other, kind in near(word, self.language):
            least = _least(kind, len(word))
            if is_form and kind not in _SURE:
                continue
            often = self._power(other, by_form=kind in _BY_FORM)
            enough = least + doubt + (1 if is_form and kind is not Kind.DOUBLED else 0)
            if often >= enough:
                extra = often - least + _LIKELIER.get(kind, 0)
                found[other] = max(found.get(other, (0.0, 0.0)), (extra, often))
        if found:
            best = max(found, key=lambda other: (found[other], other))
            return best, found[best][1]
        return ("", 0.0) if is_form or doubt else (self._parted(word), 0.0)

    def _power(self, word: str, *, by_form: bool = True) -> float:
        """How often a word is said, as a power of ten; of a form, as far as its word tells."""
        said: float = self._times.get(word, 0)
        if said == lexicon.RARE:
            return 0.0
        if not said and by_form and self.language == "es":
            said = self._said_by_form(word) if self._is_sayable(word) else 0
        return math.log10(said) + _SCALE[self.language] if said else 0.0

    def _said_by_form(self, word: str) -> float:
        if word in self._listed("no form"):
            return 0.0
        said = max((self._times.get(one, 0) for one in spanish_forms.origins(word)), default=0)
        return said / 10**_OF_A_FORM if said > lexicon.RARE else 0.0

    def _is_sayable(self, word: str) -> bool:
        """Whether every three letters of a word stand so in one that is said often."""
        return all(word[at : at + 3] in self._threes for at in range(len(word) - 2))

    @cached_property
    def _threes(self) -> frozenset[str]:
        often = " ".join(word for word, said in self._times.items() if said >= _OFTEN)
        return frozenset(map("".join, zip(often, often[1:], often[2:], strict=False)))

    def _is_spelled_otherwise(self, word: str) -> bool:
        """Whether an English word is a British one, somebody's, or one with a foreign accent."""
        plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode()
        known = self._times
        word = word.removesuffix("'s")
        if word in known or plain in known:
            return True
        return any(one in known for one in english_forms.american(word))

    def _is_stretched(self, word: str) -> bool:
        """Whether an English word is one that is said with an ending or a beginning put on it."""
        if self.language != "en":
            return False
        return any(self._times.get(stem, 0) >= 500 for stem in english_forms.stems(word))

    def _parted(self, word: str) -> str:
        """Return two words that were written as one, or nothing."""
        for at in range(1, len(word)):
            first, last = word[:at], word[at:]
            if self._are_two(first, last):
                return f"{first} {last}"
        return ""

    def _are_two(self, first: str, last: str) -> bool:
        """Whether these are two words, not the parts of one that the dictionary has not."""
        pair = self._listed("pair")
        if first in pair and last in pair:
            return len(first) + len(last) > 3
        powers = self._power(first), self._power(last)
        if len(first) + len(last) < 6 or min(powers) < _PARTED_LEAST - (max(powers) > 6):
            return False
        if self.language == "es":
            return self._are_two_spanish(first, last)
        compounds = [part in self._listed("compounds") for part in (first, last)]
        if any(power >= _SMALL and not may for power, may in zip(powers, compounds, strict=True)):
            return True
        are_long = len(last) > 3 and len(first) > 4
        return not any(compounds) and are_long and first.endswith(_FIRST_OF_TWO)

    def _are_two_spanish(self, first: str, last: str) -> bool:
        if first in self._listed("first") and len(last) > 3:
            return True
        if last in self._listed("last") and len(first) > 3:
            return True
        return min(len(first), len(last)) > 3 and first not in self._listed("prefixes")

    def _listed(self, group: str) -> frozenset[str]:
        return lexicon.listed(self.language, group)


def _least(kind: Kind, size: int) -> float:
    return next(
        (power for least, power in reversed(_LEAST[kind].items()) if size >= least), math.inf
    )


@cache
def speller(language: str) -> Speller:
    """Return a language's words without any beside them; read once."""
    return Speller(language)
