"""Where a text quotes another: runs of words in common, in the same order, changed words between.

What is compared are digests of runs of three words, so the other text need not be there.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.stories.recognition.bare_words import EVERYBODYS, weight
from newsletter.stories.recognition.fingerprints import NO_RUN, SHAPES

# So many words in common are a quote when so many of them are not everybody's: of eight quoted
# words six or seven are left when one or two were changed. Measured by `bench/recognition.py`.
ENOUGH = ((8, 0), (7, 1), (6, 2))
_GAP = 6  # words between two runs that still are one quote
_DRIFT = 2  # words put in or left out between them
_COPIES = 16  # places of one run that are looked at: who says it a thousand times is still quoted
_SHAPES = len(SHAPES)
_Hit = tuple[int, int, int]  # a run's place in the passage, in the other text, and its shape


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A text to be looked through: its bare words, and where each run's digest stands."""

    words: Sequence[str] = field(repr=False)
    runs: Mapping[str, Sequence[int]] = field(repr=False)

    @classmethod
    def of(cls, words: Sequence[str], runs: Iterable[str]) -> "Passage":
        """Index the digests of the words' runs, as `runs_of` gives them."""
        return cls(words=words, runs=_places(runs))

    def hits(self, other: Sequence[str]) -> Iterator[_Hit]:
        """Return the runs in common with a text whose runs have these digests."""
        for number, run in enumerate(other):
            for place in self.runs.get(run, ()):
                if (place - number) % _SHAPES == 0:
                    yield place // _SHAPES, number // _SHAPES, number % _SHAPES


class Shelf:
    """Many texts to be looked for at once: the time depends on the passage, not on their number."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._runs: dict[str, list[tuple[int, int]]] = {}
        for text, runs in enumerate(texts):
            for run, places in _places(runs).items():
                self._runs.setdefault(run, []).extend((text, place) for place in places)

    @property
    def runs(self) -> Collection[str]:
        """All their digests."""
        return self._runs.keys()

    def quotes(self, passage: Passage) -> dict[int, list["Quote"]]:
        """Return what a passage quotes, by the number of the text, in their order."""
        hits: dict[int, list[_Hit]] = {}
        for run in passage.runs.keys() & self._runs.keys():
            for text, number in self._runs[run]:
                for place in passage.runs[run]:
                    if (place - number) % _SHAPES == 0:
                        hit = (place // _SHAPES, number // _SHAPES, number % _SHAPES)
                        hits.setdefault(text, []).append(hit)
        joined = ((text, _joined(passage, hits[text])) for text in sorted(hits))
        return {text: found for text, found in joined if found}


@dataclass(kw_only=True, slots=True)
class Quote:
    """Words of a passage that stand in the other text too, by their places in the passage.

    `at` is where its last run begins, `other` where that run begins in the other text.
    """

    at: int
    other: int
    places: set[int] = field(default_factory=set)

    def goes_on(self, at: int, other: int) -> bool:
        """Return whether a run continues this quote."""
        step, other_step = at - self.at, other - self.other
        if step == 0 or other_step <= 0:
            return step == other_step == 0
        return step <= _GAP and abs(step - other_step) <= _DRIFT


def quotes(passage: Passage, other: Sequence[str]) -> list[Quote]:
    """Return where a passage quotes the text whose runs have these digests, the first first."""
    return _joined(passage, list(passage.hits(other)))


def is_quote(words: Sequence[str]) -> bool:
    """Return whether so many words in common, and such ones, are a quote and no accident."""
    many = sum(map(weight, words))
    telling = sum(weight(word) for word in set(words) if word not in EVERYBODYS)
    return any(many >= enough and telling >= own for enough, own in ENOUGH)


def _joined(passage: Passage, hits: list[_Hit]) -> list[Quote]:
    found: list[Quote] = []
    going: list[Quote] = []
    for at, place, shape in sorted(hits):
        going = [quote for quote in going if at - quote.at <= _GAP]
        quote = next((quote for quote in going if quote.goes_on(at, place)), None)
        if quote is None:
            quote = Quote(at=at, other=place)
            going.append(quote)
            found.append(quote)
        quote.at, quote.other = at, place
        quote.places.update(at + step for step in SHAPES[shape])
    return [quote for quote in found if is_quote([passage.words[at] for at in quote.places])]


def _places(runs: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for number, run in enumerate(runs):
        if run != NO_RUN:
            known = places.setdefault(run, [])
            if len(known) < _COPIES:
                known.append(number)
    return places
