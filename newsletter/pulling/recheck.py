"""[I/O] Ask the sources of chosen items again just before approving or sending."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from newsletter.model.item import Item, beginning
from newsletter.model.organisation import Organisation
from newsletter.pulling import article_pages
from newsletter.pulling.fetch.answers import Failed, Failure, Fetched
from newsletter.pulling.items.identity import recognise
from newsletter.pulling.ports import Fetching, Reading
from newsletter.pulling.reading import ReadFeed, ReadJob
from newsletter.pulling.task_group import task_group


class ChosenItems(Protocol):
    """What a recheck asks of the item store."""

    def get(self, ids: Sequence[str]) -> dict[str, Item]: ...

    def known(self, organisation_id: str, keys: Sequence[str]) -> dict[str, tuple[str, str]]: ...

    def update(self, edited: Sequence[Item], now: datetime) -> None: ...

    def withdraw(self, ids: Sequence[str], at: datetime | None) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class RecheckParts:
    """What a recheck works with."""

    organisations: tuple[Organisation, ...]
    items: ChosenItems
    fetcher: AbstractAsyncContextManager[Fetching]
    readers: AbstractAsyncContextManager[Reading]
    clock: Callable[[], datetime]
    timezone: str = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rechecked:
    """Item ids by what their sources say now. `unanswered` sources could not be asked."""

    withdrawn: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    withdrawn: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    edited: list[Item] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)


def recheck(ids: Sequence[str], parts: RecheckParts) -> Rechecked:
    """Ask each item's feed, and its page where the feed no longer has it; store what changed.

    Gone is what its page answers 404 or 410 for, and an event to come that its calendar no longer
    has.
    """
    chosen = [item for item in parts.items.get(ids).values() if item.organisation_id is not None]
    if not chosen:
        return Rechecked()
    found = asyncio.run(_ask(chosen, parts))
    now = parts.clock()
    parts.items.update(found.edited, now)
    parts.items.withdraw(found.withdrawn, now)
    parts.items.withdraw(found.restored, None)
    return Rechecked(
        withdrawn=tuple(sorted(found.withdrawn)),
        edited=tuple(sorted(item.id for item in found.edited)),
        unanswered=tuple(sorted(found.unanswered)),
    )


async def _ask(chosen: Sequence[Item], parts: RecheckParts) -> _Found:
    by_feed: defaultdict[str, list[Item]] = defaultdict(list)
    for item in chosen:
        by_feed[item.feed_url or ""].append(item)
    found = _Found()
    async with parts.fetcher as fetching, parts.readers as reading, task_group() as tasks:
        for url, items in by_feed.items():
            tasks.create_task(_feed(url, items, parts, fetching, reading, found))
    return found


async def _feed(
    url: str,
    items: Sequence[Item],
    parts: RecheckParts,
    fetching: Fetching,
    reading: Reading,
    found: _Found,
) -> None:
    organisation = next(
        (one for one in parts.organisations if one.id == items[0].organisation_id), None
    )
    now_there = None
    if url and organisation is not None:
        now_there = await _entries(url, organisation, parts, fetching, reading)
    edited: list[Item] = []
    for item in items:
        if now_there is not None and item.id in now_there.ids:
            current = now_there.items.get(item.id)
            if current is not None and current.content_sha256 != item.content_sha256:
                edited.append(replace(current, id=item.id))
            if item.withdrawn_at is not None:
                found.restored.append(item.id)
        elif now_there is not None and now_there.tells_of(item, parts.clock()):
            found.withdrawn.append(item.id)
        elif item.link is not None:
            await _page(item, item.link, fetching, found)
        elif now_there is None:
            found.unanswered.append(item.id)
    if organisation is not None:
        short = article_pages.wanted(organisation, edited)
        done = await article_pages.complete(organisation, short, fetching, reading)
        longer = {one.id: one for one in done.items}
        found.edited += [longer.get(one.id, one) for one in edited]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Now:
    """What a feed has now: items, by the ids that we know them under, and all known `ids`."""

    items: dict[str, Item]
    ids: frozenset[str]
    until: datetime | None

    def tells_of(self, item: Item, now: datetime) -> bool:
        """Whether it is a calendar that would have this event."""
        if item.event is None or self.until is None:
            return False
        return now < beginning(item.event.starts) < self.until


async def _entries(
    url: str,
    organisation: Organisation,
    parts: RecheckParts,
    fetching: Fetching,
    reading: Reading,
) -> _Now | None:
    """The feed's items now; None when it cannot be read."""
    async with fetching.opened(url) as answer:
        if not isinstance(answer, Fetched):
            return None
        read = await reading.run(
            ReadJob(
                body=answer.body,
                content_type=answer.headers.get("content-type", ""),
                url=answer.url,
                feed_url=url,
                organisation=organisation,
                now=parts.clock(),
                timezone=parts.timezone,
            )
        )
    if not isinstance(read, ReadFeed):
        return None
    all_keys = [keys for _, keys in read.items]
    asked = [*(key for keys in all_keys for key in keys), *read.later]
    known = {key: found for key, (found, _) in parts.items.known(organisation.id, asked).items()}
    ids = recognise(all_keys, known)
    items = {
        item_id: current
        for item_id, (current, _) in zip(ids, read.items, strict=True)
        if item_id is not None
    }
    later = (known[key] for key in read.later if key in known)
    return _Now(items=items, ids=frozenset((*items, *later)), until=read.until)


async def _page(item: Item, link: str, fetching: Fetching, found: _Found) -> None:
    async with fetching.opened(link) as answer:
        if isinstance(answer, Failed):
            if answer.kind in (Failure.MISSING, Failure.GONE):
                found.withdrawn.append(item.id)
            else:
                found.unanswered.append(item.id)
        elif item.withdrawn_at is not None:
            found.restored.append(item.id)
