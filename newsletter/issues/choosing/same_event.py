"""Which calendars' entries are one event, and whether somebody called it off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from newsletter.issues.choosing.similar import ACROSS, containment, folded, shingled
from newsletter.model.address import same_page
from newsletter.model.called_off import says_called_off, without_mark
from newsletter.model.item import Event, Item
from newsletter.model.organisation import Organisation

_A_DAY = timedelta(days=1)  # a moment's day depends on the zone it is written in


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """An event's entries in all calendars: those that call it off, and those that do not."""

    off: tuple[Item, ...] = ()
    on: tuple[Item, ...] = ()


def standings(items: Iterable[Item], around: Sequence[Item]) -> dict[str, Standing]:
    """Return how each event among the items stands, by its id, where somebody called it off.

    `around` are the events known on those days (`days_of`).
    """
    found = {}
    for item in items:
        if item.event is None:
            continue
        entries = (item, *twins_of(item, around))
        off = tuple(entry for entry in entries if is_called_off(entry))
        if off:
            on = tuple(entry for entry in entries if entry not in off)
            found[item.id] = Standing(off=off, on=on)
    return found


def twins_of(item: Item, around: Iterable[Item]) -> tuple[Item, ...]:
    """Return the other entries that may be the same event: enough to ask an editor, no proof."""
    others = (other for other in around if other.id != item.id)
    return tuple(other for other in others if _may_be_same(item, other))


def is_called_off(item: Item) -> bool:
    """Return whether an entry says, by its status or in its title, that it does not take place."""
    return item.event is not None and (item.event.cancelled or says_called_off(item.title))


def with_cancellation(item: Item) -> Item:
    """Return the item as an event that does not take place."""
    return replace(item, event=item.event and replace(item.event, cancelled=True))


def days_of(items: Iterable[Item]) -> frozenset[date]:
    """Return the days, by any zone's calendar, on which the events among the items begin."""
    days = {_day(item.event.starts) for item in items if item.event is not None}
    return frozenset(day + _A_DAY * shift for day in days for shift in (-1, 0, 1))


def is_same_moment(one: Event | None, other: Event | None) -> bool:
    """Return whether two begin together; where a time zone is unknown, the wall clock decides.

    Items that are both no events do too.
    """
    if one is None or other is None:
        return one is other
    if (one.unknown_zone or other.unknown_zone) and isinstance(one.starts, datetime):
        begins = other.starts
        wall = begins.replace(tzinfo=None) if isinstance(begins, datetime) else None
        return one.starts.replace(tzinfo=None) == wall
    return one.starts == other.starts


def is_same_event(one: Item, other: Item) -> bool:
    """Return whether two entries are one event: id and start agree, or title, start and place."""
    if one.event is None or other.event is None or not is_same_moment(one.event, other.event):
        return False
    if one.identity and one.identity == other.identity:
        return True
    places = one.event.place, other.event.place
    return all(places) and _is_same_title(one, other) and is_one_place(*places)


def _may_be_same(one: Item, other: Item) -> bool:
    if one.event is None or other.event is None or not may_begin_together(one.event, other.event):
        return False
    if is_same_event(one, other) or (
        _is_same_title(one, other) and is_one_place(one.event.place, other.event.place)
    ):
        return True
    if one.organisation_id == other.organisation_id:
        return False  # two classes at six, on one page and in the same words
    pages = same_page(one.link), same_page(other.link)
    if pages[0] and pages[0] == pages[1]:
        return True
    return containment(shingled(one.text), shingled(other.text)) >= ACROSS


def may_begin_together(one: Event, other: Event) -> bool:
    """Return whether two begin at the same moment, or on one day where one of them says no hour."""
    if isinstance(one.starts, datetime) and isinstance(other.starts, datetime):
        return is_same_moment(one, other)
    return _day(one.starts) == _day(other.starts)


def event_title(item: Item) -> str:
    """Return an event's name in one spelling, without what says that it is called off."""
    return folded(without_mark(item.title))


def _is_same_title(one: Item, other: Item) -> bool:
    return event_title(one) == event_title(other) != ""


def is_one_place(one: str, other: str) -> bool:
    """Return whether two places may be one: one's words are all the other's, or one is unknown."""
    short, long = sorted((set(folded(one).split()), set(folded(other).split())), key=len)
    return short <= long


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def names_of(entries: Iterable[Item], organisations: Iterable[Organisation]) -> str:
    """Return whose entries these are, in words; who is no member any more goes by its id."""
    names = {member.id: member.name for member in organisations}
    ids = dict.fromkeys(entry.organisation_id or "" for entry in entries)
    return ", ".join(names.get(id_, id_) for id_ in ids)
