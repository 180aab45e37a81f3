"""A review under way: what is marked, what was decided, and what is still to be asked.

It lives in memory alone, and each answer gives a new session that knows the one before: a terminal
or a page drives it, and nothing is written before it is finished.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from newsletter.model.consent import ThirdParty
from newsletter.stories.reviewing.places import Searchable, Span, folded, pieces
from newsletter.stories.reviewing.replacing import Choice, Decision, replaced
from newsletter.stories.reviewing.review import details, unread
from newsletter.stories.scan.marks import MarkKind

BY_EDITOR = "marked by you"
# Most of these are nobody's: they may be looked through as a list, and kept together.
IN_ONE_GO = frozenset({MarkKind.ODD.value, MarkKind.NUMBER.value, MarkKind.DATE.value})
SETTLED = ("agreed", "removed", "generalised", "open")
_AND = re.compile(r"[,،]?\s+(?:and|or|y|e|o|u|ni)\s+|[,،;؛]\s+")
_RANK = {kind.value: rank for rank, kind in enumerate(MarkKind)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One text under review: a title, a story, a part of one. `repr` shows no word of it."""

    name: str
    language: str
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Place:
    """Where a detail stands: the number of a part, and the characters in it."""

    part: int
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """The same words, wherever they stand, to be decided on once. `repr` shows none of them."""

    key: str = field(repr=False)
    words: str = field(repr=False)
    why: str
    places: tuple[Place, ...]


class WordsNotFoundError(ValueError):
    """The words that an editor typed stand in no part. It carries none of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewSession:
    """Every step returns another session; `undone` is the one before it."""

    parts: tuple[Part, ...] = field(repr=False)
    scanned: tuple["Candidate", ...] = field(repr=False)
    details: tuple[Detail, ...] = field(default=(), repr=False)
    decisions: Mapping[str, Decision] = field(default_factory=dict, repr=False)
    marked: tuple[str, ...] = field(default=(), repr=False)
    others: tuple[ThirdParty, ...] | None = None
    is_unrecognizable: bool = False
    previous: "ReviewSession | None" = field(default=None, repr=False, compare=False)

    @classmethod
    def start(cls, parts: Iterable[Part]) -> Self:
        """Begin a review of these texts: scanned, nothing decided."""
        parts = tuple(parts)
        scanned = tuple(_scanned(parts))
        return cls(parts=parts, scanned=scanned, details=_details(parts, scanned, ()))

    @property
    def open(self) -> tuple[Detail, ...]:
        """Return the details that nobody decided on, in the order of the text."""
        return tuple(detail for detail in self.details if detail.key not in self.decisions)

    @property
    def unread(self) -> tuple[str, ...]:
        """Return how each passage begins whose language the scan does not know."""
        return tuple(words for part in self.parts for words in unread(part.text, part.language))

    @property
    def relatives(self) -> tuple[str, ...]:
        """Return the words that were marked as a relative: who else may be in the story."""
        return tuple(one.words for one in self.details if one.why == MarkKind.FAMILY.value)

    @property
    def combination(self) -> tuple[str, ...]:
        """Return what readers will still see of all details: the words kept, and those put in."""
        seen = [
            detail.words if decision.choice is Choice.KEEP else decision.words
            for detail in self.details
            if (decision := self.decisions.get(detail.key)) is not None
            and decision.choice is not Choice.REMOVE
        ]
        return tuple(dict.fromkeys(seen))

    @property
    def is_finished(self) -> bool:
        """Return whether every question has its answer."""
        return not self.open and self.others is not None and self.is_unrecognizable

    @property
    def undone(self) -> "ReviewSession":
        """Return the session before the last answer; itself when there was none."""
        return self.previous or self

    def decide(self, decision: Decision, details: Iterable[Detail]) -> Self:
        """Decide on details, also again. ValueError when a replacement has no words."""
        if decision.choice is Choice.GENERALISE and not decision.words.strip():
            raise ValueError("a detail is replaced with words")
        chosen = {detail.key: decision for detail in details}
        others = {key: one for key, one in self.decisions.items() if key not in chosen}
        return self._next(decisions=others | chosen)  # what was decided last is last

    def reopen(self, detail: Detail) -> Self:
        """Take back the decision on a detail, so that it is asked again."""
        left = {key: one for key, one in self.decisions.items() if key != detail.key}
        return self._next(decisions=left)

    def mark(self, words: str) -> Self:
        """Mark words that the scan missed, in all their places.

        WordsNotFoundError when they have none.
        """
        key = folded(words)
        marked = (key, *(one for one in self.marked if one != key))
        found = _details(self.parts, self.scanned, marked)
        if not any(detail.key == key for detail in found):
            raise WordsNotFoundError("these words are not in the text")
        known = {detail.key for detail in found}
        left = {one: decision for one, decision in self.decisions.items() if one in known}
        return self._next(details=found, marked=marked, decisions=left)

    def settle(self, others: Sequence[ThirdParty]) -> Self:
        """Say who else is in the story, by role, and what was done about each; nobody is ()."""
        return self._next(others=tuple(others), is_unrecognizable=self.is_unrecognizable)

    def confirm_unrecognizable(self) -> Self:
        """Say that people who know them would not recognize them by all that is left together."""
        return self._next(is_unrecognizable=True)

    def around(self, place: Place, characters: int = 60) -> tuple[str, str]:
        """Return the words before and after a place."""
        text = self.parts[place.part].text
        before = text[max(0, place.span.start - characters) : place.span.start]
        return before, text[place.span.end : place.span.end + characters]

    def preview(self) -> tuple[str, ...]:
        """Return every part as it stands now: what is undecided is still in it."""
        return tuple(
            replaced(
                part.text,
                (
                    (place.span, self.decisions[detail.key])
                    for detail in self.details
                    if detail.key in self.decisions
                    for place in detail.places
                    if place.part == number
                ),
            )
            for number, part in enumerate(self.parts)
        )

    def _next(self, *, is_unrecognizable: bool = False, **changes: object) -> Self:
        """The session after an answer. Another decision makes another combination."""
        return replace(
            self,
            is_unrecognizable=is_unrecognizable,
            previous=self,
            **changes,  # type: ignore[arg-type]
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A place that may become a detail's."""

    place: Place
    key: str
    why: str
    is_scanned: bool = False


def _details(
    parts: Sequence[Part], scanned: Sequence[Candidate], marked: tuple[str, ...]
) -> tuple[Detail, ...]:
    """Every detail in the order of its first place; no two places meet.

    What an editor marked goes before what the scan did, the last first, and long before short.
    """
    reasons: dict[str, str] = {}
    for one in scanned:
        reasons[one.key] = min(reasons.get(one.key, one.why), one.why, key=_RANK.__getitem__)
    reasons |= dict.fromkeys(marked, BY_EDITOR)
    searched = [Searchable(text=part.text) for part in parts]
    found = [
        Candidate(place=Place(part=number, span=span), key=key, why=why)
        for key, why in reasons.items()
        for number, text in enumerate(searched)
        for span in text.find(key)
    ]

    def rank(one: Candidate) -> tuple[int, int, int, int]:
        span = one.place.span
        turn = marked.index(one.key) if one.key in marked else len(marked)
        return turn, span.start - span.end, one.place.part, span.start

    taken = [bytearray(len(part.text)) for part in parts]
    places: dict[str, list[Place]] = {}
    for one in sorted((*found, *scanned), key=rank):
        part, span = one.place.part, one.place.span
        if not one.is_scanned and any(taken[part][span.start : span.end]):
            continue
        for free in _free(parts[part].text, taken[part], span):
            key = one.key if free == span else folded(parts[part].text[free.start : free.end])
            reasons.setdefault(key, one.why)
            places.setdefault(key, []).append(Place(part=part, span=free))
            taken[part][free.start : free.end] = b"\1" * (free.end - free.start)
    details = [_detail(parts, key, reasons[key], where) for key, where in places.items()]
    return tuple(sorted(details, key=lambda detail: detail.places[0]))


def _detail(parts: Sequence[Part], key: str, why: str, places: Iterable[Place]) -> Detail:
    first, *others = sorted(places)
    words = parts[first.part].text[first.span.start : first.span.end]
    return Detail(key=key, words=words, why=why, places=(first, *others))


def _scanned(parts: Sequence[Part]) -> Iterator[Candidate]:
    """What the scan marked. A list of several, one of which stands elsewhere alone, is cut."""
    spans = [
        (number, part.text, span, mark.kind.value)
        for number, part in enumerate(parts)
        for mark in details(part.text, part.language)
        for span in pieces(part.text, mark.start, mark.end)
    ]
    keys = {folded(text[span.start : span.end]) for _, text, span, _ in spans}
    for number, text, span, why in spans:
        listed = list(_listed(text, span))
        is_list = any(folded(text[one.start : one.end]) in keys for one in listed)
        for one in listed if len(listed) > 1 and is_list else (span,):
            key = folded(text[one.start : one.end])
            place = Place(part=number, span=one)
            yield Candidate(place=place, key=key, why=why, is_scanned=True)


def _listed(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    for between in _AND.finditer(text, span.start, span.end):
        yield from pieces(text, start, between.start())
        start = between.end()
    yield from pieces(text, start, span.end)


def _free(text: str, taken: bytearray, span: Span) -> Iterator[Span]:
    """The parts of a span that no other detail has, without spaces and marks at their edges."""
    if not any(taken[span.start : span.end]):
        yield span
        return
    start = span.start
    for at in range(span.start, span.end + 1):
        if at == span.end or taken[at]:
            yield from pieces(text, start, at) if at > start else ()
            start = at + 1
