"""What an editor can choose: an entry or a story made uniform and safe."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

_CANCELLED = " · cancelled"
_FACTS = re.compile(r" · (?=\d{4}-\d\d-\d\d)")  # an event's begin with its day
UNKNOWN_LANGUAGE = "und"  # BCP 47: the language is not known, and we do not guess one in public


class ItemKind(StrEnum):
    """What sort of thing an item is; sections choose by it."""

    NEWS = "news"
    EVENT = "event"
    AUDIO = "audio"
    VIDEO = "video"
    STORY = "story"


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture where its publisher keeps it. Mail never links to it: drafts carry a copy."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Media:
    """A recording: where it is, its type and how long it lasts in seconds."""

    url: str
    media_type: str
    seconds: int | None = None
    bytes: int | None = None


def beginning(starts: datetime | date) -> datetime:
    """Return when an event begins, to compare it with others: a day at its midnight, UTC."""
    if isinstance(starts, datetime):
        return starts
    return datetime.combine(starts, time.min, tzinfo=UTC)


def instant(moment: datetime | date) -> str:
    """Return when that is, as text that sorts by time: the moment in UTC, or the day."""
    return (moment.astimezone(UTC) if isinstance(moment, datetime) else moment).isoformat()


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """When and where. Timed events carry aware datetimes, all-day ones dates.

    `unknown_zone` is what its source calls its time zone, where nobody knows which that is.
    """

    starts: datetime | date
    ends: datetime | date | None = None
    place: str = ""
    online_url: str | None = None
    cancelled: bool = False
    unknown_zone: str = field(default="", repr=False)  # no word of what it says

    @property
    def last(self) -> datetime | date | None:
        """The end as people say it: a calendar's all-day end is the day after (RFC 5545 3.6.1)."""
        if self.ends is None or isinstance(self.ends, datetime):
            return self.ends
        return self.ends - timedelta(days=1)


class ItemWords(NamedTuple):
    """What an item says, to be compared with what it said before."""

    title: str
    text: str

    @property
    def name(self) -> str:
        """The title alone, without an event's facts."""
        return _FACTS.split(self.title, maxsplit=1)[0]

    @property
    def is_cancelled(self) -> bool:
        """Whether they are an event's whose calendar called it off."""
        return self.title.endswith(_CANCELLED) and _FACTS.search(self.title) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class MailedPage:
    """What pulls saw of a piece that was mailed: whether its feed lists it, and if not, when its
    own page was asked last, and since when that is lost."""

    is_listed: bool
    asked_at: datetime | None = None
    lost_since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One choosable thing. Text and HTML are safe; dates are only what the source said.

    `id` is short and stable (it stands in drafts). `organisation_id` is None for a story. `text`
    is the cleaned plain text, paragraphs parted by a blank line; `html` the same from the
    allow-list. `language` is BCP 47 or `und`. `published_at` None means undated: order by
    `first_seen_at`; `unreadable_date` is then what its source wrote, if nobody can read that.
    `first_published_at` is the date it had when we first saw it, or the moment we did, where its
    source changed the date since, or dated it before its feed was last read without it. `identity`
    is what makes two pulls the same thing; `content_sha256` changes when its words or its recording
    do. `is_backlog` marks what a feed's first import brought: not news. `announced` is an event
    that news describes beside its text: editors are offered it, no more. `mailed_page` is None
    until a pull looks, and after an edit.
    """

    id: str
    kind: ItemKind
    title: str
    first_seen_at: datetime
    organisation_id: str | None = None
    feed_url: str | None = None
    identity: str = ""
    link: str | None = None
    canonical_link: str | None = None
    text: str = ""
    html: str = ""
    language: str = UNKNOWN_LANGUAGE
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    first_published_at: datetime | None = None
    unreadable_date: str = ""
    source_name: str = ""
    source_url: str = ""
    picture: Picture | None = None
    media: Media | None = None
    event: Event | None = None
    announced: Event | None = None
    content_sha256: str = ""
    is_backlog: bool = False
    hidden: bool = False
    withdrawn_at: datetime | None = None
    mailed_page: MailedPage | None = None

    @property
    def told(self) -> ItemWords:
        """The title, of an event with when and where it is, and the text: what an edit changes."""
        event = self.event
        if event is None:
            return ItemWords(self.title, self.text)
        when = (instant(one) for one in (event.starts, event.ends) if one is not None)
        facts = (self.title, *when, event.place, event.online_url or "")
        return ItemWords(" · ".join(facts) + _CANCELLED * event.cancelled, self.text)

    @property
    def why_undated(self) -> str:
        """Return what to show in place of a date that is not known."""
        return "date unreadable" if self.unreadable_date else "undated"

    @property
    def credit_date(self) -> datetime | None:
        """Return the date by which it may claim to have been first: a later pull cannot move it
        back. None where its source gives none."""
        if self.published_at is None or self.first_published_at is None:
            return self.published_at
        return max(self.published_at, self.first_published_at)

    @property
    def order_date(self) -> datetime:
        """Return what to sort by: the item's own date, never later than when it was first seen."""
        if self.published_at is None:
            return self.first_seen_at
        return min(self.published_at, self.first_seen_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Items that tell the same thing. `origin` gets the credit; `evidence`: why, per item id."""

    origin: Item
    others: tuple[Item, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Return all of them, the origin first."""
        return (self.origin, *self.others)
