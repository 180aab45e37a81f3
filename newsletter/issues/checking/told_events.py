"""Events that a draft tells of without a calendar's entry: in a block of the editors' own, or in a
member's post."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from newsletter.issues.choosing.same_event import (
    is_called_off,
    is_one_place,
    is_same_moment,
    twins_of,
)
from newsletter.issues.choosing.similar import folded
from newsletter.issues.drafting.posted_events import posted_event, posted_words
from newsletter.model.details import moment_of
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Event, Item, ItemKind

_NEVER = datetime.max.replace(tzinfo=UTC)


def told_events(edition: Edition, items: Mapping[str, Item], zone: tzinfo) -> dict[int, Item]:
    """Return what the edition's pieces say of events, each as a calendar would have it, by line.

    `items` are those that it places, by id; a piece that is a calendar's own entry is left out.
    """
    told = {}
    for placement in edition.placements:
        item = items.get(placement.item_id or "")
        if item is not None and item.event is not None:
            continue
        event = _event(placement, item, zone)
        if event is not None:
            told[placement.line] = replace(
                item or Item(id="", kind=ItemKind.EVENT, title="", first_seen_at=_NEVER),
                id="",
                organisation_id=None,
                title=placement.title,
                link=placement.link,
                event=event,
            )
    return told


def called_off(told: Mapping[int, Item], around: Iterable[Item]) -> dict[int, tuple[Item, ...]]:
    """Return the calendars' entries that may be these events and call them off, by line."""
    return entries_of(told, [entry for entry in around if is_called_off(entry)])


def entries_of(told: Mapping[int, Item], around: Sequence[Item]) -> dict[int, tuple[Item, ...]]:
    """Return the calendars' entries that may be these events, by line: by link, or by title, start
    and place, or by start and place."""
    found = {line: (*twins_of(item, around), *_there(item, around)) for line, item in told.items()}
    return {
        line: tuple({entry.id: entry for entry in entries}.values())
        for line, entries in found.items()
        if entries
    }


def _event(placement: Placement, item: Item | None, zone: tzinfo) -> Event | None:
    if written := placement.details.get("when"):
        return Event(starts=moment_of(written, zone), place=placement.details.get("where", ""))
    is_news = item is not None and item.kind is ItemKind.NEWS
    return posted_event(item, posted_words(item, None, zone)) if item and is_news else None


def _there(item: Item, entries: Iterable[Item]) -> Iterable[Item]:
    """Those at the same moment in the same place."""
    place = _place(item)
    for entry in entries:
        other = _place(entry)
        is_there = place and other and is_one_place(place, other)
        if is_there and is_same_moment(item.event, entry.event):
            yield entry


def _place(item: Item) -> str:
    return folded(item.event.place) if item.event else ""
