"""Texts that are mostly the same words, in any language, found without comparing all pairs.

A text is a set of hashed runs of four words, or characters where a script has no spaces (shingles).
Texts that share some of a fixed eighth of all shingles are candidates (the mod-m sketch of
Broder, "On the resemblance and containment of documents", 1997).
"""

import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

RUN = 4
SAMPLE = 8  # one shingle of so many is indexed
COMMON = 40  # a shingle in more texts than this says nothing about any of them
FEW = 40  # a text of fewer shingles has to be contained nearly whole
NEARLY = 0.8
LEAST = 8  # so many shingles have to be shared at least
WORDS = 800  # of each text are looked at
ACROSS = 0.5  # of somebody else's piece a part is a reprint
TELLING = 6  # so many words of a sentence, or a title alone, say what a piece is
LONGEST_OPENING = 1_000  # characters in which a first sentence is looked for
BANNER = 60  # so many words may stand before somebody else's text
_MASK = 0xFFFFFFFF
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_SENTENCE = re.compile(r"[.!?؟۔](?=[\"'”’»)\]]*(?:\s|$))|[。！？]|\n")
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shingled:
    """A text's shingles as 32-bit numbers, in reading order."""

    ordered: "array[int]"

    @property
    def all(self) -> frozenset[int]:
        """Each shingle once. Made again each time: few texts are ever compared."""
        return frozenset(self.ordered)

    def without(self, repeated: Set[int]) -> "Shingled":
        """Return the text without those shingles."""
        kept = array("I", (shingle for shingle in self.ordered if shingle not in repeated))
        return self if len(kept) == len(self.ordered) else Shingled(ordered=kept)


def folded(text: str) -> str:
    """Return the text's words in one spelling, a space between them."""
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def shingled(text: str) -> Shingled:
    """Return the text's shingles; one of fewer than four words is one shingle."""
    words = _words(text)[:WORDS]
    hashes = [zlib.crc32(word.encode()) for word in words]
    if len(hashes) < RUN:
        whole = zlib.crc32(" ".join(words).encode())
        return Shingled(ordered=array("I", [whole] if words else []))
    runs = zip(hashes, hashes[1:], hashes[2:], hashes[3:], strict=False)
    sums = [a * 3 + b * 1_000_003 + c * 7_368_787 + d * 15_485_863 for a, b, c, d in runs]
    # The sum's low bits follow the words' too closely to sample by; a product's middle does not.
    return Shingled(ordered=array("I", [(run * 0x9E3779B97F4A7C15 >> 29) & _MASK for run in sums]))


def resemblance(one: Shingled, other: Shingled) -> float:
    """Return how alike two texts are as wholes, from 0 to 1 for the same shingles."""
    first, second = one.all, other.all
    shared = len(first & second)
    return shared / len(first | second) if shared >= LEAST else 0.0


def containment(one: Shingled, other: Shingled) -> float:
    """Return how much of the shorter text is in the longer one, from 0 to 1.

    A much longer text has to begin with the shorter one, a banner aside: an excerpt is a
    beginning, while a roundup or a quotation carries it somewhere. Of a short text nearly
    everything has to be there, else it is 0.
    """
    short, long = sorted((one, other), key=lambda text: len(text.all))
    wanted, where = short.all, long.all
    if not wanted:
        return 0.0
    least = NEARLY if len(wanted) < FEW else 0.0
    if len(where) > 2 * len(wanted):
        where = frozenset(long.ordered[: len(short.ordered) + BANNER])
        least = NEARLY
    shared = len(wanted & where)
    share = shared / len(wanted)
    return share if shared >= LEAST and share >= least else 0.0


def begins_alike(one: str, other: str, title: str) -> bool:
    """Return whether two texts under one title begin with the same sentence, a banner aside.

    A summary that was cut counts as far as it goes. Where a feed has no words at all a long title
    has to do.
    """
    title_words = _words(title)
    texts = [_after_title(text, title_words) for text in (one, other)]
    short, long = sorted(texts, key=len)
    if not short.strip():
        return len(title_words) >= TELLING
    return _opens(short, long) or _opens(long, short)


def _opens(beginning: str, text: str) -> bool:
    """Whether the first sentence of one stands near the beginning of the other."""
    sentence = _opening(beginning)
    if len(sentence) < TELLING:
        return False
    there = _words(text[: LONGEST_OPENING * 8])[: BANNER + len(sentence)]
    return f" {' '.join(sentence)} " in f" {' '.join(there)} "


def _opening(text: str) -> list[str]:
    """The words of the first sentence that says something, without a word that was cut."""
    whole, ellipsis, _ = re.sub(r"\[?(?:\.\.\.|…)\]?", "…", text[:LONGEST_OPENING]).partition("…")
    for end in _SENTENCE.finditer(whole):
        words = _words(whole[: end.start()])
        if len(words) >= TELLING:
            return words
    words = _words(whole)
    return words[:-1] if ellipsis else words


def _after_title(text: str, title: list[str]) -> str:
    """The text without its title, which some feeds say first."""
    at = 0
    for wanted, match in zip(title, _WORD.finditer(text), strict=False):
        if match[0].casefold() != wanted:
            return text
        at = match.end()
    return text[at:] if title else text


def similar(texts: Sequence[Shingled]) -> Iterator[tuple[int, int]]:
    """Yield the pairs (by index) that share something telling, each once; which are the same is for
    the caller to say."""
    index: dict[int, list[int]] = {}
    for at, text in enumerate(texts):
        for shingle in {shingle for shingle in text.ordered if shingle % SAMPLE == 0}:
            index.setdefault(shingle, []).append(at)
    meetings: Counter[tuple[int, int]] = Counter()
    for places in index.values():
        if 1 < len(places) <= COMMON:
            meetings.update(combinations(places, 2))
    for (one, other), shared in sorted(meetings.items()):
        smaller = min(len(texts[one].ordered), len(texts[other].ordered))
        # A sample of half of the shorter text is expected; half of that leaves room for chance.
        if shared >= max(1, smaller // (SAMPLE * 4)):
            yield one, other
