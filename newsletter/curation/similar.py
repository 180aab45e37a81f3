"""Texts that are mostly the same words, in any language, found without comparing all pairs.

A text is a set of hashed runs of four words, or characters where a script has no spaces (shingles).
Texts that share some of a fixed quarter of all shingles are candidates (the mod-m sketch of
Broder, "On the resemblance and containment of documents", 1997).
"""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

RUN = 4
SAMPLE = 4  # one shingle of so many is indexed
COMMON = 40  # a shingle in more texts than this says nothing about any of them
FEW = 40  # a text of fewer shingles has to be contained nearly whole
NEARLY = 0.8
LEAST = 8  # so many shingles have to be shared at least
WORDS = 1500  # of each text are looked at
BANNER = 60  # so many words may stand before somebody else's text
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shingled:
    """A text's shingles as 32-bit numbers: in reading order, and as a set."""

    ordered: tuple[int, ...]
    all: frozenset[int]

    def without(self, repeated: Set[int]) -> "Shingled":
        """The text without those shingles."""
        if self.all.isdisjoint(repeated):
            return self
        ordered = tuple(shingle for shingle in self.ordered if shingle not in repeated)
        return Shingled(ordered=ordered, all=frozenset(ordered))


def shingled(text: str) -> Shingled:
    """The text's shingles; one of fewer than four words is one shingle."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())[:WORDS]
    runs = range(max(1, len(words) - RUN + 1)) if words else range(0)
    ordered = tuple(zlib.crc32(" ".join(words[at : at + RUN]).encode()) for at in runs)
    return Shingled(ordered=ordered, all=frozenset(ordered))


def resemblance(one: Shingled, other: Shingled) -> float:
    """How alike two texts are as wholes: 1.0 for the same shingles."""
    shared = len(one.all & other.all)
    return shared / len(one.all | other.all) if shared >= LEAST else 0.0


def containment(one: Shingled, other: Shingled) -> float:
    """How much of the shorter text is in the longer one, where an excerpt or a copy has it.

    A much longer text has to begin with the shorter one, a banner aside: an excerpt is a
    beginning, while a roundup or a quotation carries it somewhere. Of a short text nearly
    everything has to be there, else it is 0.
    """
    short, long = sorted((one, other), key=lambda text: len(text.all))
    if not short.all:
        return 0.0
    where = long.all
    least = NEARLY if len(short.all) < FEW else 0.0
    if len(long.all) > 2 * len(short.all):
        where = frozenset(long.ordered[: len(short.ordered) + BANNER])
        least = NEARLY
    shared = len(short.all & where)
    share = shared / len(short.all)
    return share if shared >= LEAST and share >= least else 0.0


def similar(texts: Sequence[frozenset[int]]) -> Iterator[tuple[int, int]]:
    """The pairs (by index) that share something telling, each once; which are the same is for the
    caller to say."""
    index: dict[int, list[int]] = {}
    for at, text in enumerate(texts):
        for shingle in text:
            if shingle % SAMPLE == 0:
                index.setdefault(shingle, []).append(at)
    meetings: Counter[tuple[int, int]] = Counter()
    for places in index.values():
        if 1 < len(places) <= COMMON:
            for position, one in enumerate(places):
                for other in places[position + 1 :]:
                    meetings[one, other] += 1
    for (one, other), shared in sorted(meetings.items()):
        smaller = min(len(texts[one]), len(texts[other]))
        # A quarter of half of the shorter text is expected; half of that leaves room for chance.
        if shared >= max(1, smaller // (SAMPLE * 4)):
            yield one, other
