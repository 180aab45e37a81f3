"""Which items of a read feed are new, which were edited, and which are no news. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from newsletter.model.item import Item
from newsletter.model.pulling import KeyedItem, KnownItem
from newsletter.pulling.items.identity import digest, match_known, short_id

FRESH = timedelta(days=14)  # at a feed's first import, what is dated this lately is news
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
) -> FeedDiff:
    """Compare a read feed with what is `known` by key; `taken_ids` are ids that some item has."""
    ids = match_known([keys for _, keys in read], known)
    hashes = dict(known.values())
    used = set(taken_ids) | set(hashes)
    new, edited, present = [], [], []
    fresh_keys: dict[str, str] = {}
    for (item, keys), item_id in zip(read, ids, strict=True):
        if item_id is None:
            item_id = _free_id(item, used)
            used.add(item_id)
            is_backlog = _is_backlog(item, is_first_import, now)
            if is_backlog or item_id != item.id:
                item = replace(item, id=item_id, is_backlog=is_backlog)
            new.append(item)
        elif hashes[item_id] != item.content_sha256:
            edited.append(replace(item, id=item_id))
        present.append(item_id)
        fresh_keys |= {key: item_id for key in keys if key not in known}
    return FeedDiff(
        new=tuple(new), edited=tuple(edited), keys=fresh_keys, present=frozenset(present)
    )


def _free_id(item: Item, used: set[str]) -> str:
    """The item's short id, or another one made from it in the rare case that it is taken."""
    item_id = item.id
    turn = 0
    while item_id in used:
        turn += 1
        item_id = short_id(item.id, digest(item.identity), str(turn))
    return item_id


def _is_backlog(item: Item, is_first_import: bool, now: datetime) -> bool:
    if item.event is not None:
        starts = item.event.starts
        day = starts.date() if isinstance(starts, datetime) else starts
        return day < date(now.year, now.month, now.day)
    if item.published_at is None:
        return is_first_import
    return now - item.published_at > (FRESH if is_first_import else OLD)
