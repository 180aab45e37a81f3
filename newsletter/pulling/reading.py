"""What a worker does with a body: parse it, and make its entries items. No network, no store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.model.answer import Fetched
from newsletter.model.entry import Entry
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation
from newsletter.model.pulling import KeyedItem
from newsletter.pulling.items import sanitise
from newsletter.pulling.items.announced.announce import with_announced
from newsletter.pulling.items.article import Article, article_in
from newsletter.pulling.items.normalise import event_keys, normalise_all
from newsletter.pulling.parse.charset import decode
from newsletter.pulling.parse.parse import parse
from newsletter.pulling.parse.parsed import Unreadable

MOST_ENTRIES = 2000  # of one document: more is a flood, or an archive that nobody reads here


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadJob:
    """A feed's answer. `feed_url` is the registry's, the answer's own address after redirects.

    `timezone` is the coalition's: that of events whose times name none.
    """

    answer: Fetched
    feed_url: str
    organisation: Organisation
    now: datetime
    timezone: str = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFeed:
    """The feed's own facts and its items.

    A calendar tells all its events before `until`; those with the keys of `later` are no items.
    """

    format: str
    title: str
    link: str
    items: tuple[KeyedItem, ...]
    period: timedelta | None
    skip_hours: frozenset[int]
    skip_days: frozenset[int]
    warnings: tuple[str, ...]
    until: datetime | None = None
    later: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """Return all keys of what the feed has, those of later events too."""
        return [*(key for item in self.items for key in item.keys), *self.later]

    @property
    def latest(self) -> tuple[Item, ...]:
        """Return the items, the newest first; events come first, in the calendar's order."""
        items = [item for item, _ in self.items]
        undated = datetime.min.replace(tzinfo=UTC)
        news = [item for item in items if item.event is None]
        news.sort(key=lambda item: item.published_at or undated, reverse=True)
        return (*(item for item in items if item.event is not None), *news)


@dataclass(frozen=True, kw_only=True, slots=True)
class PageJob:
    """An entry's page, and the `beginning` of the article as the feed has it.

    `timezone` is the coalition's: that of an event whose hours name none.
    """

    answer: Fetched
    beginning: str
    timezone: str = "UTC"


def read(job: ReadJob | PageJob) -> ReadFeed | Unreadable | Article | None:
    """Return the feed in a body, or what it is instead; of a page the article, or None."""
    if isinstance(job, PageJob):
        page = decode(job.answer.body, job.answer.content_type).text
        return article_in(page, job.answer.url, job.beginning, zone=ZoneInfo(job.timezone))
    return _read_feed(job)


def _read_feed(job: ReadJob) -> ReadFeed | Unreadable:
    parsed = parse(
        job.answer.body,
        url=job.answer.url,
        now=job.now,
        content_type=job.answer.content_type,
        zone=ZoneInfo(job.timezone),
    )
    if isinstance(parsed, Unreadable):
        return parsed
    warnings = parsed.warnings
    if len(parsed.entries) > MOST_ENTRIES:
        warnings += (f"{len(parsed.entries)} entries; only the newest {MOST_ENTRIES} were read",)
    zone = ZoneInfo(job.timezone)
    entries = newest(parsed.entries, MOST_ENTRIES)
    return ReadFeed(
        format=parsed.format,
        title=sanitise.line(parsed.title, is_html=False)[:300],
        link=sanitise.absolute(parsed.link, job.answer.url) if parsed.link else "",
        items=tuple(
            normalise_all(
                [with_announced(entry, now=job.now, zone=zone) for entry in entries],
                job.organisation,
                feed_url=job.feed_url,
                feed_link=parsed.link,
                feed_language=parsed.language,
                now=job.now,
                is_calendar=parsed.format == "ical",
            )
        ),
        period=parsed.period,
        skip_hours=parsed.skip_hours,
        skip_days=parsed.skip_days,
        warnings=warnings,
        until=parsed.until,
        later=tuple(event_keys(parsed.later)),
    )


def newest(entries: Sequence[Entry], most: int) -> Sequence[Entry]:
    """Return at most so many entries, the newest, in the document's order.

    One without a date is as old as the one before it; where none has one, the first are taken:
    feeds begin with what is new.
    """
    if len(entries) <= most:
        return entries
    dates: list[datetime] = []
    for entry in entries:
        before = dates[-1] if dates else datetime.max.replace(tzinfo=UTC)
        dates.append(entry.published or entry.updated or before)
    by_date = sorted(range(len(entries)), key=lambda index: dates[index], reverse=True)
    return [entries[index] for index in sorted(by_date[:most])]
