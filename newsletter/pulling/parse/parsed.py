"""What reading a body can come to: a feed, or a reason why it is none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from newsletter.model.entry import Entry


class NotFeed(StrEnum):
    """What came instead of a feed."""

    PAGE = "an HTML page"
    LOGIN = "a login page"
    CHALLENGE = "a challenge page"
    COOKIES = "a cookie wall"
    EMPTY = "nothing"
    TRUNCATED = "a feed cut short"
    BROKEN = "broken data"
    OTHER = "something else"


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedFeed:
    """A feed as read. `period` is what its ttl or update period asks for; hours are UTC.

    A calendar tells all its events before `until`; of its series only the next occurrence is an
    entry, `later` are the others, and what is there but cannot be read.
    """

    format: str
    title: str = ""
    link: str = ""
    language: str = ""
    entries: tuple[Entry, ...] = ()
    period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    until: datetime | None = None
    later: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """Not a feed, and what it is. `detail` is plain language."""

    kind: NotFeed
    detail: str


def unreadable_dates(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return a warning where entries have a date that cannot be read, with one of them; else ()."""
    dates = [entry.unreadable_date for entry in entries if entry.unreadable_date]
    if not dates:
        return ()
    return (
        f"{len(dates)} of {len(entries)} entries have a date that cannot be read: {dates[0]!r}",
    )
