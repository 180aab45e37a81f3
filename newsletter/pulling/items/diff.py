"""Which items of a read feed are new, which were edited, and which are no news. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from newsletter.model.item import Item
from newsletter.model.pulling import KeyedItem, KnownItem
from newsletter.pulling.items.identity import digest, match_known, short_id

FRESH = timedelta(days=14)  # at a feed's first import, what is dated this lately is news
REQUEST = timedelta(hours=1)  # a date this near is that of our own asking
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
WRONG_ZONE = timedelta(hours=14)  # no clock is further off by its time zone alone
OLD = timedelta(days=60)  # at any time, what is dated earlier than this is an archive arriving


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedDiff:
    """What to store: new items, edited ones (under their old ids), and new keys with their ids.

    `present` are the ids of all items that the feed has now.
    """

    new: tuple[Item, ...]
    edited: tuple[Item, ...]
    keys: Mapping[str, str]
    present: frozenset[str]


def diff_items(
    read: Sequence[KeyedItem],
    known: Mapping[str, KnownItem],
    *,
    taken_ids: frozenset[str],
    is_first_import: bool,
    now: datetime,
    read_before: datetime | None = None,
) -> FeedDiff:
    """Compare a read feed with what is `known` by key; `taken_ids` are ids that some item has.

    What is dated earlier than the feed was `read_before`, without it, may claim no such date.
    """
    ids = match_known([keys for _, keys in read], known)
    by_id = {item.item_id: item for item in known.values()}
    used = set(taken_ids) | set(by_id)
    new, edited, present = [], [], []
    fresh_keys: dict[str, str] = {}
    for (item, keys), item_id in zip(read, ids, strict=True):
        if item_id is None:
            item_id = _free_id(item, used)
            used.add(item_id)
            is_backlog = _is_backlog(item, is_first_import, now)
            if is_backlog or item_id != item.id:
                item = replace(item, id=item_id, is_backlog=is_backlog)
            if _is_backdated(item, read_before):
                item = replace(item, first_published_at=item.first_seen_at)
            new.append(item)
        elif is_edited(item, by_id[item_id], now):
            is_backlog = by_id[item_id].is_backlog and not _became_news(item, by_id[item_id], now)
            edited.append(replace(item, id=item_id, is_backlog=is_backlog))
        present.append(item_id)
        fresh_keys |= {key: item_id for key in keys if key not in known}
    return FeedDiff(
        new=tuple(new), edited=tuple(edited), keys=fresh_keys, present=frozenset(present)
    )


def _is_backdated(item: Item, read_before: datetime | None) -> bool:
    if item.published_at is None or read_before is None:
        return False
    return item.published_at < read_before - WRONG_ZONE


def _free_id(item: Item, used: set[str]) -> str:
    """The item's short id, or another one made from it in the rare case that it is taken."""
    item_id = item.id
    turn = 0
    while item_id in used:
        turn += 1
        item_id = short_id(item.id, digest(item.identity), str(turn))
    return item_id


def is_edited(item: Item, known: KnownItem, now: datetime) -> bool:
    """Return whether its source changed its words, its address or its date since.

    Some sites date everything at the moment it is asked for: that is no correction, and a link or
    a date that went is none either.
    """
    return (
        item.content_sha256 != known.content_sha256
        or item.canonical_link not in (None, known.canonical_link)
        or (_is_redated(item, known) and not _is_just_now(item, now))
    )


def _is_redated(item: Item, known: KnownItem) -> bool:
    return item.published_at not in (None, known.published_at)


def _is_just_now(item: Item, now: datetime) -> bool:
    return item.published_at is not None and abs(now - item.published_at) < REQUEST


def _became_news(item: Item, known: KnownItem, now: datetime) -> bool:
    """Whether a date that was wrong, or that nobody could read, made an archive of it."""
    date = item.published_at
    return date is not None and _is_redated(item, known) and now - date <= FRESH


def _is_backlog(item: Item, is_first_import: bool, now: datetime) -> bool:
    """Whether it is no news: what a feed has had for long.

    A date that nobody can read makes no archive of a feed, unless its year is past.
    """
    if item.event is not None:
        starts = item.event.starts
        day = starts.date() if isinstance(starts, datetime) else starts
        return day < date(now.year, now.month, now.day)
    if item.published_at is None:
        years = [int(year) for year in YEAR.findall(item.unreadable_date)]
        is_old = not item.unreadable_date or (bool(years) and max(years) < (now - OLD).year)
        return is_first_import and is_old
    return now - item.published_at > (FRESH if is_first_import else OLD)
