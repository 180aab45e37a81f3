"""One thing as a feed says it, before it is judged: nothing in here is safe to show."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.model.item import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """An attached file as the feed declares it. Sizes in bytes, durations in seconds.

    `alt` is what the feed says a picture shows.
    """

    url: str
    media_type: str = ""
    length: int | None = None
    seconds: int | None = None
    width: int | None = None
    height: int | None = None
    alt: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventWords:
    """When and where an event is, in the words of fields that are no dates."""

    starts: str
    ends: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What one feed says of one thing. Absent means the feed did not say; nothing is invented.

    `html` is the longest body the feed carries, raw; `base` is what its relative links hang on.
    `unreadable_date` is what stands for the date of publication where nobody can read it.
    `uid` is the id of a calendar's event that takes place once. `event` is what the entry is,
    `announced` what it says of an event beside its text.
    """

    guid: str = ""
    uid: str = ""
    link: str = ""
    title: str = ""
    title_is_html: bool = False
    html: str = ""
    summary: str = ""
    base: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    unreadable_date: str = ""
    source_title: str = ""
    source_url: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[Enclosure, ...] = ()
    event: Event | None = None
    event_words: EventWords | None = None
    announced: Event | None = None
