"""[I/O] Ask the sources of chosen items again just before approving or sending."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from newsletter.model.answer import Failed, Failure, Fetched
from newsletter.model.item import Item, beginning
from newsletter.model.organisation import Organisation
from newsletter.pulling.article_pages import complete
from newsletter.pulling.feed_reader import FeedReader
from newsletter.pulling.items.identity import match_known
from newsletter.pulling.mailed_pages import leads_home
from newsletter.pulling.ports import ItemStore
from newsletter.pulling.reading import ReadFeed
from newsletter.pulling.task_group import task_group

TOTAL_SECONDS = 60.0  # for all sources together: an editor waits for it


@dataclass(frozen=True, kw_only=True, slots=True)
class RecheckParts(FeedReader):
    """What a recheck works with."""

    organisations: tuple[Organisation, ...]
    items: ItemStore


@dataclass(frozen=True, kw_only=True, slots=True)
class Rechecked:
    """Item ids by what their sources say now. `unanswered` sources could not be asked."""

    withdrawn: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass(slots=True)
class _Changes:
    """What the feeds asked so far say of the chosen items, by id."""

    withdrawn: list[str] = field(default_factory=list)
    restored: list[str] = field(default_factory=list)
    edited: list[Item] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)


def recheck(
    ids: Sequence[str], parts: RecheckParts, *, total_seconds: float = TOTAL_SECONDS
) -> Rechecked:
    """Ask each item's feed, and its page where the feed no longer has it; store what changed.

    Gone is what its page answers 404 or 410 for, and an event to come that its calendar no longer
    has. Sources that do not answer in the time for all of them are unanswered.
    """
    chosen = [item for item in parts.items.get(ids).values() if item.organisation_id is not None]
    if not chosen:
        return Rechecked()
    changes = asyncio.run(_ask_feeds(chosen, parts, total_seconds))
    now = parts.clock()
    parts.items.update(changes.edited, now)
    parts.items.withdraw(changes.withdrawn, now)
    parts.items.withdraw(changes.restored, None)
    return Rechecked(
        withdrawn=tuple(sorted(changes.withdrawn)),
        edited=tuple(sorted(item.id for item in changes.edited)),
        unanswered=tuple(sorted({item.id for item in chosen} - changes.answered)),
    )


async def _ask_feeds(chosen: Sequence[Item], parts: RecheckParts, total_seconds: float) -> _Changes:
    by_feed: defaultdict[str, list[Item]] = defaultdict(list)
    for item in chosen:
        by_feed[item.feed_url or ""].append(item)
    changes = _Changes()
    async with parts.fetcher, parts.readers:
        with suppress(TimeoutError):
            async with asyncio.timeout(total_seconds), task_group() as tasks:
                for url, items in by_feed.items():
                    tasks.create_task(_ask_feed(url, items, parts, changes))
    return changes


async def _ask_feed(
    url: str, items: Sequence[Item], parts: RecheckParts, changes: _Changes
) -> None:
    by_id = {organisation.id: organisation for organisation in parts.organisations}
    organisation = by_id.get(items[0].organisation_id or "")
    feed = await _read(url, organisation, parts) if url and organisation is not None else None
    edited: dict[str, Item] = {}
    for item in items:
        if feed is not None and item.id in feed.ids:
            current = feed.items.get(item.id)
            if current is not None and _is_corrected(current, item):
                edited[item.id] = replace(current, id=item.id, is_backlog=item.is_backlog)
            if item.withdrawn_at is not None:
                changes.restored.append(item.id)
        elif feed is not None and feed.would_list(item, parts.clock()):
            changes.withdrawn.append(item.id)
        elif item.link is not None:
            await _ask_page(item, item.link, parts, changes)
            continue
        elif feed is None:
            continue
        if item.id not in edited:
            changes.answered.add(item.id)
    if organisation is not None:
        pages = await complete(organisation, edited.values(), parts)
        changes.edited += map(pages.replacing, edited.values())
        changes.answered |= edited.keys()


def _is_corrected(current: Item, item: Item) -> bool:
    is_moved = current.canonical_link not in (None, item.canonical_link)
    return is_moved or current.content_sha256 != item.content_sha256


@dataclass(frozen=True, kw_only=True, slots=True)
class _CurrentFeed:
    """What a feed has now: items, by the ids that we know them under, and all known `ids`."""

    items: dict[str, Item]
    ids: frozenset[str]
    until: datetime | None

    def would_list(self, item: Item, now: datetime) -> bool:
        """Return whether it is a calendar that would have this event."""
        if item.event is None or self.until is None:
            return False
        return now < beginning(item.event.starts) < self.until


async def _read(url: str, organisation: Organisation, parts: RecheckParts) -> _CurrentFeed | None:
    """The feed as it is now; None when it cannot be read."""
    async with parts.fetcher.opened(url) as answer:
        if not isinstance(answer, Fetched):
            return None
        read = await parts.read(answer, url, organisation)
    if not isinstance(read, ReadFeed):
        return None
    known = parts.items.known(organisation.id, read.keys)
    ids = match_known([keys for _, keys in read.items], known)
    items = {
        item_id: item
        for item_id, (item, _) in zip(ids, read.items, strict=True)
        if item_id is not None
    }
    later = (known[key].item_id for key in read.later if key in known)
    return _CurrentFeed(items=items, ids=frozenset((*items, *later)), until=read.until)


async def _ask_page(item: Item, link: str, parts: RecheckParts, changes: _Changes) -> None:
    async with parts.fetcher.opened(link) as answer:
        if isinstance(answer, Failed):
            if answer.kind not in (Failure.MISSING, Failure.GONE):
                return
            changes.withdrawn.append(item.id)
        elif item.withdrawn_at is not None and not leads_home(link, answer):
            changes.restored.append(item.id)
        changes.answered.add(item.id)
