"""Which occurrences of a calendar's events are still to come; each event is read on its own."""

import re
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from hashlib import sha256
from typing import Any

from newsletter.model.entry import Entry
from newsletter.model.item import instant
from newsletter.pulling.parse.calendar.blocks import Block, CalendarBlocks
from newsletter.pulling.parse.calendar.event_entries import (
    SERIES,
    UNKNOWN_ZONE,
    is_cancelled,
    said,
    when,
)
from newsletter.pulling.parse.calendar.mended import Mended, bare_zone, mended
from newsletter.pulling.parse.calendar.patience import Patience
from newsletter.pulling.parse.calendar.trouble import Trouble

AHEAD = timedelta(days=120)
_RECURS = ("RRULE", "RDATE", "RECURRENCE-ID")
# Nobody meets each minute: to count such occurrences takes longer than a feed may take.
_RULE = re.compile(r"FREQ=(?:YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)\b")
_NEEDED = frozenset({"DTSTART", "EXDATE", "STATUS", "CLASS", *_RECURS})


@dataclass(slots=True)
class Occurrences:
    """Each series' `next` occurrence and each single event to come; the series' `later` ones; and
    what is there, but `unread`."""

    next: list[Any] = field(default_factory=list)
    later: list[Any] = field(default_factory=list)
    unread: list[Entry] = field(default_factory=list)


def occurrences(
    blocks: CalendarBlocks,
    *,
    now: datetime,
    zone: tzinfo,
    trouble: Trouble,
    unknown_zone: str = "",
) -> Occurrences:
    """Return the public occurrences that end after `now`; an event that cannot be read costs
    itself, and `trouble` hears of it. `zone` is that of floating times; `unknown_zone` is what the
    calendar calls it where nobody knows which that is."""
    zones = _zones(blocks.zones)
    series: dict[str, list[Any]] = defaultdict(list)
    found: list[Any] = []
    result = Occurrences()
    for block in blocks.events:
        lines = mended(block.lines, zones=zones, floating=str(zone), unknown_zone=unknown_zone)
        if not block.is_whole:
            lines.odd.append("END")
        if not _is_public(lines) or _is_long_past(lines, now):
            continue
        event = _event(lines, trouble)
        if event is None:
            result.unread.append(Entry(uid=lines.value("UID"), title=lines.value("SUMMARY")))
        elif any(name in event for name in _RECURS):
            series[said(event, "UID")].append(event)
        elif _is_to_come(event, now, zone):
            found.append(event)
    patience = Patience()
    for uid, events in series.items():
        # Without an id nothing says which exception belongs to which series.
        for together in [events] if uid else [[event] for event in events]:
            found += _expanded(together, now, zone, trouble, patience)
    _choose_next(found, zone, result)
    return result


def _is_public(lines: Mended) -> bool:
    return lines.value("CLASS").upper() not in ("PRIVATE", "CONFIDENTIAL")


def _event(lines: Mended, trouble: Trouble) -> Any | None:
    """The event, if it has all that decides when and whether it takes place."""
    import icalendar

    title = lines.value("SUMMARY")
    text = "\r\n".join(["BEGIN:VEVENT", *lines.lines, "END:VEVENT", ""])
    try:
        event = icalendar.Event.from_ical(text)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        trouble.lost(title, "")
        return None
    odd = [*lines.odd, *(name or "" for name, _ in event.errors)]
    if when(event, "DTSTART") is None:
        trouble.no_start()
        return None
    if (rule := lines.value("RRULE").upper()) and not _RULE.search(rule):
        odd.append("RRULE")
    if needed := next((name for name in odd if name in _NEEDED), ""):
        trouble.lost(title, needed)
        return None
    for name in odd:
        trouble.odd_line(title, name)
    if lines.unknown_zone:
        event.add(UNKNOWN_ZONE, lines.unknown_zone)
        trouble.unknown_zone(lines.unknown_zone)
    return event


def _is_long_past(lines: Mended, now: datetime) -> bool:
    """Whether a single event ended days ago: most calendars keep years of them."""
    if lines.has(*_RECURS, "DURATION"):
        return False
    last = max(lines.value("DTSTART")[:8], lines.value("DTEND")[:8])
    return last.isdecimal() and len(last) == 8 and last < f"{now - timedelta(days=3):%Y%m%d}"


def _zones(blocks: Iterable[Block]) -> dict[str, str]:
    """The calendar's own time zones: what it calls them, without quotes and case, and the name
    that icalendar knows them by from now on. It keeps them for every calendar that comes after,
    so the name is one of the zone's own rules. One that cannot be read is unknown."""
    import icalendar

    zones = {}
    for block in blocks:
        rules = [line.strip() for line in block.lines]
        named = next((line for line in rules if line[:5].upper() in ("TZID:", "TZID;")), "")
        rules = [line for line in rules if line is not named]
        name = f"X-{sha256(chr(10).join(rules).encode()).hexdigest()}"
        text = "\r\n".join(["BEGIN:VTIMEZONE", f"TZID:{name}", *rules, "END:VTIMEZONE", ""])
        with suppress(Exception):  # whatever the library makes of a stranger's rules
            zone = icalendar.Timezone.from_ical(text)
            assert isinstance(zone, icalendar.Timezone)
            zone.to_tz()
            zones[bare_zone(named.partition(":")[2])] = name
    zones.pop("", None)
    return zones


def _expanded(
    events: Iterable[Any], now: datetime, zone: tzinfo, trouble: Trouble, patience: Patience
) -> list[Any]:
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar()
    for event in events:
        calendar.add_component(event)
    try:
        with patience.spent():
            found = recurring_ical_events.of(calendar).between(now, now + AHEAD)
        found = [event for event in found if when(event, "DTSTART", zone) is not None]
    except Exception:  # whatever it makes of a stranger's rules
        trouble.lost(said(next(iter(events)), "SUMMARY"), "RRULE")
        return []
    for event in found:
        event[SERIES] = "TRUE"
    return found


def _is_to_come(event: Any, now: datetime, zone: tzinfo) -> bool:
    ends = when(event, "DTEND", zone)
    starts = when(event, "DTSTART", zone)
    if starts is None:
        return False
    if ends is None:
        lasts = _duration(event)
        ends = starts + lasts if lasts else None
        if ends is not None:
            event.add("DTEND", ends)
    if ends is None:
        ends = starts if isinstance(starts, datetime) else starts + timedelta(days=1)
    begins, last = _moment(starts, zone), _moment(ends, zone)
    return begins < now + AHEAD and (begins >= now or last > now)


def _moment(value: datetime | date, zone: tzinfo) -> datetime:
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time.min, tzinfo=zone)


def _duration(event: Any) -> timedelta | None:
    try:
        lasts = getattr(event.get("DURATION"), "dt", None)
    except ValueError:
        return None
    return lasts if isinstance(lasts, timedelta) and lasts > timedelta() else None


def _choose_next(found: Iterable[Any], zone: tzinfo, result: Occurrences) -> None:
    first: set[tuple[str, bool]] = set()
    for event in sorted(found, key=lambda event: instant(when(event, "DTSTART", zone) or date.max)):
        # A cancelled occurrence is news of its own; the series goes on beside it.
        of = (said(event, "UID") or said(event, "SUMMARY"), is_cancelled(event))
        is_later = SERIES in event and of in first
        (result.later if is_later else result.next).append(event)
        if SERIES in event:
            first.add(of)
