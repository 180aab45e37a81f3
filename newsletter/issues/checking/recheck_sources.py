"""[I/O] Find what happened at the sources of the pieces before approving and sending."""

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime, tzinfo

from newsletter.issues.checking.draft_check_input import warns
from newsletter.issues.checking.told_events import entries_of, told_events
from newsletter.issues.choosing.same_event import (
    Standing,
    days_of,
    is_called_off,
    names_of,
    standings,
    twins_of,
)
from newsletter.issues.drafting.edits import is_edited
from newsletter.issues.ports import ItemSource
from newsletter.model.called_off import says_called_off
from newsletter.model.issue import Edition
from newsletter.model.item import Item
from newsletter.model.message import RenderedEdition
from newsletter.model.problem import Problem
from newsletter.pulling.recheck import RecheckParts, recheck

BEFORE_SENDING_SECONDS = 300.0  # the last chance to notice that a piece was taken back


def ask_for_drafts(
    drafts: Sequence[Edition], items: ItemSource, parts: RecheckParts, *, zone: tzinfo
) -> list[Problem]:
    """Ask the sources of everything that the drafts place, and other calendars that have the same
    events or those that blocks without an id tell of; what changed is stored.

    The problems are those that could not be asked; the others are found in the store.
    """
    placed = {item_id for draft in drafts for item_id in draft.item_ids}
    answered = recheck(_to_ask(placed, drafts, items, zone), parts)
    return [
        warns(
            draft,
            "source-silent",
            placement.line,
            f"{item_id}: its source does not answer, so it may have been removed",
            "try again later, or ask the organisation",
        )
        for draft in drafts
        for placement in draft.placements
        if (item_id := placement.item_id) in answered.unanswered
    ]


def held_back(
    editions: Iterable[RenderedEdition],
    drafts: Sequence[Edition],
    items: ItemSource,
    *,
    approved_at: datetime,
    parts: RecheckParts,
    zone: tzinfo,
) -> tuple[str, ...]:
    """Return why the approved editions, made of these drafts, should not be sent as they are.

    One line a piece: it is gone at its source, was edited there since the approval, or a calendar
    called off since what it tells of, whether it names that calendar's entry or not.
    """
    placed = {item_id for edition in editions for item_id in edition.item_ids}
    asked = _to_ask(placed, drafts, items, zone)
    answered = recheck(asked, parts, total_seconds=BEFORE_SENDING_SECONDS)
    now = items.get(sorted(placed))  # not stories: consent is asked apart
    called_off = standings(now.values(), items.events_on(days_of(now.values())))
    reasons = []
    for item_id, item in sorted(now.items()):
        before = items.as_of(item_id, approved_at)
        if item.withdrawn_at is not None or item_id in answered.withdrawn:
            reasons.append(f"{item_id} ({item.title[:60]}) was removed at its source")
        elif before is not None and is_edited(before, item.told):
            what = "was edited at its source since the approval"
            reasons.append(f"{item_id} ({item.title[:60]}) {what}")
        others = (one for one in called_off.get(item_id, Standing()).off if one.id != item_id)
        if fresh := [one for one in others if _is_since(one, items, approved_at)]:
            names = names_of(fresh, parts.organisations)
            reasons.append(f"{item_id} ({item.title[:60]}) was called off since: {names}")
    for title, entries in _told(drafts, items, zone):
        off = [entry for entry in entries if is_called_off(entry) and entry.id not in placed]
        if fresh := [one for one in off if _is_since(one, items, approved_at)]:
            names = names_of(fresh, parts.organisations)
            reasons.append(f"“{title[:60]}” was called off since, if it is theirs: {names}")
    return tuple(dict.fromkeys(reasons))


def _to_ask(
    placed: Set[str], drafts: Iterable[Edition], items: ItemSource, zone: tzinfo
) -> list[str]:
    """The ids of what is placed, and of the calendars' entries that are or may be the same."""
    told = {entry.id for _, entries in _told(drafts, items, zone) for entry in entries}
    return sorted(placed | _twins(items, placed) | told)


def _told(
    drafts: Iterable[Edition], items: ItemSource, zone: tzinfo
) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """What the drafts tell of without a calendar's entry, by title, and which entries it may be."""
    for draft in drafts:
        told = told_events(draft, items.get(draft.item_ids), zone)
        entries = entries_of(told, items.events_on(days_of(told.values())))
        said = {one.line for one in draft.placements if one.details.get("cancelled") == "yes"}
        yield from (
            (told[line].title, found) for line, found in entries.items() if line not in said
        )


def _twins(items: ItemSource, placed: Set[str]) -> set[str]:
    """The ids of entries in other calendars that may be the placed events."""
    events = [item for item in items.get(sorted(placed)).values() if item.event is not None]
    around = items.events_on(days_of(events))
    return {twin.id for event in events for twin in twins_of(event, around)}


def _is_since(item: Item, items: ItemSource, moment: datetime) -> bool:
    before = items.as_of(item.id, moment)
    return (
        item.first_seen_at > moment
        if before is None
        else not (before.is_cancelled or says_called_off(before.name))
    )
