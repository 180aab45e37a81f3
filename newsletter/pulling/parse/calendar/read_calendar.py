"""iCalendar (RFC 5545) to entries: each series at its next occurrence; past ones are dropped."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from operator import itemgetter
from zoneinfo import ZoneInfo

from newsletter.model.entry import Entry
from newsletter.model.item import beginning
from newsletter.pulling.parse.calendar.blocks import calendars_in
from newsletter.pulling.parse.calendar.event_entries import entry_of
from newsletter.pulling.parse.calendar.mended import Mended, mended
from newsletter.pulling.parse.calendar.occurrences import AHEAD, occurrences
from newsletter.pulling.parse.calendar.trouble import Trouble
from newsletter.pulling.parse.calendar.zones import zone_name
from newsletter.pulling.parse.parsed import NotFeed, ParsedFeed, Unreadable

MOST = 500  # events of one calendar: the soonest


def read_calendar(
    text: str, *, url: str, now: datetime, zone: tzinfo = UTC
) -> ParsedFeed | Unreadable:
    """Return the events from `now` on, as far ahead as an issue could announce them.

    The text is unfolded. `zone` is the time zone of times that name none ("floating", RFC 5545
    section 3.3.5). What of one event cannot be read costs that event, and is said.
    """
    calendars = calendars_in(text)
    if not calendars:
        return Unreadable(kind=NotFeed.BROKEN, detail="not a calendar")
    trouble = Trouble()
    entries: list[tuple[datetime, Entry]] = []
    later: list[Entry] = []
    heads = [mended(calendar.lines, zones={}, floating="") for calendar in calendars]
    for calendar, head in zip(calendars, heads, strict=True):
        if head.has("DTSTART", "SUMMARY", "UID"):  # of an event that does not begin
            trouble.lost(head.value("SUMMARY"), "BEGIN")
        zone_said = _first([head], "X-WR-TIMEZONE", "TIMEZONE-ID").strip(" \"'")
        name = zone_name(zone_said)
        own_zone = ZoneInfo(name) if name else zone
        if zone_said and not name:
            trouble.own_zone(zone_said)
        found = occurrences(
            calendar,
            now=now,
            zone=own_zone,
            trouble=trouble,
            unknown_zone="" if name else zone_said,
        )
        for event in found.next:
            entry = entry_of(event, url, own_zone)
            if entry is not None and entry.event is not None:
                entries.append((beginning(entry.event.starts), entry))
        later += [entry for event in found.later if (entry := entry_of(event, url, own_zone))]
        later += found.unread
    warnings = trouble.warnings
    until = now + AHEAD
    if not all(calendar.has_end for calendar in calendars):
        if not any(event.is_whole for calendar in calendars for event in calendar.events):
            return Unreadable(kind=NotFeed.TRUNCATED, detail="a calendar without an end")
        warnings.append("the calendar has no end; what is missing may have been cut off")
        until = now
    entries.sort(key=itemgetter(0))
    if len(entries) > MOST:
        warnings.append(f"{len(entries)} events to come; only the next {MOST} were read")
        until = min(until, entries[MOST][0])
    return ParsedFeed(
        format="ical",
        title=" ".join(_first(heads, "X-WR-CALNAME").split()),
        link=_first(heads, "URL"),
        entries=tuple(entry for _, entry in entries[:MOST]),
        period=_period(heads),
        until=until,
        later=tuple(later),
        warnings=tuple(warnings),
    )


def _first(heads: Sequence[Mended], *names: str) -> str:
    """What the first calendar that has one of these lines says in it."""
    from icalendar import vText

    values = (head.value(name).strip() for head in heads for name in names)
    return str(vText.from_ical(next(filter(None, values), "")))


def _period(heads: Sequence[Mended]) -> timedelta | None:
    from icalendar import vDuration

    said = _first(heads, "REFRESH-INTERVAL", "X-PUBLISHED-TTL")
    try:
        interval: timedelta = vDuration.from_ical(said)  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    return min(interval, timedelta(days=7)) if interval > timedelta() else None
