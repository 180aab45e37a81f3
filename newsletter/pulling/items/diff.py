"""Which items of a read feed are new, which were edited, and which are no news. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from newsletter.model.item import Item
from newsletter.pulling.items.identity import digest, recognise, short_id

FRESH = timedelta(days=14)  # at a feed's first import, what is dated this lately is news
OLD = timedelta(days=60)  # at any time, what is dated earlier than this is an archive arriving


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedDiff:
    """What to store: new items, edited ones (under their old ids), and keys that are new."""

    new: tuple[Item, ...] = ()
    edited: tuple[Item, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    present: frozenset[str] = frozenset()


def diff_items(
    read: Sequence[tuple[Item, tuple[str, ...]]],
    known: Mapping[str, tuple[str, str]],
    *,
    taken_ids: frozenset[str],
    is_first_import: bool,
    now: datetime,
) -> FeedDiff:
    """Compare a read feed with the store.

    `known` is item id and content hash by key; `taken_ids` are ids that some item has.
    """
    ids = recognise([keys for _, keys in read], {key: one for key, (one, _) in known.items()})
    hashes = dict(known.values())
    used = set(taken_ids) | set(hashes)
    new, edited, fresh_keys, present = [], [], [], []
    for (item, keys), identifier in zip(read, ids, strict=True):
        if identifier is None:
            identifier = _free(item, used)
            used.add(identifier)
            is_backlog = _is_backlog(item, is_first_import, now)
            if is_backlog or identifier != item.id:
                item = replace(item, id=identifier, is_backlog=is_backlog)
            new.append(item)
        elif hashes[identifier] != item.content_sha256:
            edited.append(replace(item, id=identifier))
        present.append(identifier)
        fresh_keys += [(key, identifier) for key in keys if key not in known]
    return FeedDiff(
        new=tuple(new),
        edited=tuple(edited),
        keys=tuple(dict(fresh_keys).items()),
        present=frozenset(present),
    )


def _free(item: Item, used: set[str]) -> str:
    """The item's short id, or a neighbour of it in the rare case that it is taken."""
    identifier = item.id
    turn = 0
    while identifier in used:
        turn += 1
        identifier = short_id(item.id, digest(item.identity), str(turn))
    return identifier


def _is_backlog(item: Item, is_first_import: bool, now: datetime) -> bool:
    if item.event is not None:
        starts = item.event.starts
        day = starts.date() if isinstance(starts, datetime) else starts
        return day < date(now.year, now.month, now.day)
    if item.published_at is None:
        return is_first_import
    return now - item.published_at > (FRESH if is_first_import else OLD)
