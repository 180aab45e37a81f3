"""iCalendar (RFC 5545) to entries: each series at its next occurrence; past ones are dropped."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from newsletter.model.address import joined_if_valid
from newsletter.model.entry import Entry
from newsletter.model.item import Event, beginning
from newsletter.pulling.parse.paragraphs import paragraphs
from newsletter.pulling.parse.parsed import NotFeed, ParsedFeed, Unreadable

AHEAD = timedelta(days=120)
MOST = 500  # events of one calendar: the soonest
ONLINE = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
MEETING = re.compile(r"zoom\.us|meet\.google|teams\.microsoft|jit\.si|webex|whereby|gotomeeting")


def read_calendar(
    text: str, *, url: str, now: datetime, zone: tzinfo = UTC
) -> ParsedFeed | Unreadable:
    """Return the events from `now` on, as far ahead as an issue could announce them.

    `zone` is the time zone of times that name none ("floating", RFC 5545 section 3.3.5).
    """
    import icalendar

    if text.lstrip()[:12].upper() == "BEGIN:VEVENT":  # an event on its own, as some sites send it
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text.strip()}\r\nEND:VCALENDAR\r\n"
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return _broken(text, f"not a calendar ({str(error)[:200]})")
    if not calendars:
        return _broken(text, "an empty calendar")
    warnings: list[str] = []
    entries: list[tuple[datetime, Entry]] = []
    later: list[str] = []
    until = now + AHEAD
    for calendar in calendars:
        own_zone = _own_zone(calendar) or zone
        series = _series(calendar)
        occurrences = _occurrences(calendar, now, warnings, own_zone)
        if occurrences is None:
            until = now
            continue
        for event in occurrences.next:
            entry = _entry(event, url, own_zone, series)
            if entry is not None and entry.event is not None:
                entries.append((beginning(entry.event.starts), entry))
        later += [_guid(event, own_zone, series) for event in occurrences.later]
    entries.sort(key=itemgetter(0))
    if len(entries) > MOST:
        warnings.append(f"{len(entries)} events to come; only the next {MOST} were read")
        until = min(until, entries[MOST][0])
    return ParsedFeed(
        format="ical",
        title=" ".join(_first(calendars, "X-WR-CALNAME").split()),
        link=_first(calendars, "URL"),
        entries=tuple(entry for _, entry in entries[:MOST]),
        period=_period(calendars),
        until=until,
        later=tuple(later),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _broken(text: str, detail: str) -> Unreadable:
    is_cut = "END:VCALENDAR" not in text.upper()
    return Unreadable(kind=NotFeed.TRUNCATED if is_cut else NotFeed.BROKEN, detail=detail)


def _first(calendars: list[Any], name: str) -> str:
    return next((str(calendar.get(name)) for calendar in calendars if calendar.get(name)), "")


def _own_zone(calendar: Any) -> tzinfo | None:
    """What Google's calendars say of their floating times."""
    try:
        return ZoneInfo(str(calendar.get("X-WR-TIMEZONE") or ""))
    except (KeyError, ValueError, OSError):
        return None


def _series(calendar: Any) -> frozenset[str]:
    """The UIDs of events that recur: each of their occurrences is a thing of its own."""
    return frozenset(
        _words(event, "UID")
        for event in calendar.walk("VEVENT")
        if any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
    )


class _Occurrences(NamedTuple):
    """Each series' `next` occurrence and each single event to come; the series' `later` ones."""

    next: list[Any]
    later: list[Any]


def _occurrences(
    calendar: Any, now: datetime, warnings: list[str], zone: tzinfo
) -> _Occurrences | None:
    """The occurrences from `now` on; an event that fails alone is left out.

    None when nothing can be said of any.
    """
    import recurring_ical_events

    public = [part for part in calendar.subcomponents if not _is_private(part)]
    calendar.subcomponents = [
        part for part in public if part.name != "VEVENT" or _when(part, "DTSTART") is not None
    ]
    if len(calendar.subcomponents) < len(public):
        warnings.append(f"{len(public) - len(calendar.subcomponents)} events have no start time")
    try:
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        events = query.between(now, now + AHEAD)
    except Exception as error:
        warnings.append(f"some events could not be read ({type(error).__name__})")
        return None
    later = []
    first: dict[tuple[str, bool], Any] = {}
    for event in sorted(events, key=lambda event: _order(event, zone)):
        uid = _words(event, "UID") or f"{_words(event, 'SUMMARY')}{_when(event, 'DTSTART')}"
        # A cancelled occurrence is news of its own; the series goes on beside it.
        series = (uid, _is_cancelled(event))
        if first.setdefault(series, event) is not event:
            later.append(event)
    return _Occurrences(list(first.values()), later)


def _is_private(event: Any) -> bool:
    """Not meant for everybody, though it stands in a feed (RFC 5545, section 3.8.1.3)."""
    return _words(event, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL")


def _is_cancelled(event: Any) -> bool:
    return _words(event, "STATUS").upper() == "CANCELLED"


def _order(event: Any, zone: tzinfo) -> str:
    starts = _when(event, "DTSTART", zone)
    if isinstance(starts, datetime):
        return starts.astimezone(UTC).isoformat()
    return starts.isoformat() if starts else ""


def _entry(event: Any, url: str, zone: tzinfo, series: frozenset[str]) -> Entry | None:
    starts = _when(event, "DTSTART", zone)
    if starts is None:
        return None
    description = _words(event, "DESCRIPTION")
    location = _words(event, "LOCATION")
    link = _words(event, "URL")
    link = joined_if_valid(url, link) if link else ""
    body = description if "<" in description and ">" in description else paragraphs(description)
    return Entry(
        guid=_guid(event, zone, series),
        link=link,
        title=" ".join(_words(event, "SUMMARY").split()),
        html=body,
        base=link or url,
        categories=_categories(event),
        published=_moment(event, "CREATED"),  # DTSTAMP is often the moment of the export
        updated=_moment(event, "LAST-MODIFIED"),
        event=Event(
            starts=starts,
            ends=_when(event, "DTEND", zone),
            place=" ".join(ONLINE.sub("", location).split()),
            online_url=_online(event, location, description),
            cancelled=_is_cancelled(event),
        ),
    )


def _guid(event: Any, zone: tzinfo, series: frozenset[str]) -> str:
    uid = _words(event, "UID")
    return f"{uid} {_order(event, zone)}" if uid in series else uid


def _online(event: Any, location: str, description: str) -> str | None:
    conference = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
    for text in (*(_words(event, name) for name in conference), location):
        link = ONLINE.search(text)
        if link:
            return link[0]
    return next((link for link in ONLINE.findall(description) if MEETING.search(link)), None)


def _when(event: Any, name: str, zone: tzinfo = UTC) -> datetime | date | None:
    """An aware datetime or a date."""
    try:
        value = getattr(event.get(name), "dt", None)
    except ValueError:  # the library says so only now that it could not read the value
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone) if value.tzinfo is None else value
    return value if isinstance(value, date) else None


def _moment(event: Any, name: str) -> datetime | None:
    value = _when(event, name)
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def _words(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    try:
        return str(value or "").strip()
    except ValueError:
        return ""


def _categories(event: Any) -> tuple[str, ...]:
    value = event.get("CATEGORIES")
    groups = value if isinstance(value, list) else [value] if value else []
    names = [str(name).strip() for group in groups for name in getattr(group, "cats", [group])]
    return tuple(dict.fromkeys(name for name in names if name))


def _period(calendars: list[Any]) -> timedelta | None:
    for calendar in calendars:
        for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
            try:
                interval = getattr(calendar.get(name), "dt", None)
            except ValueError:
                continue
            if isinstance(interval, timedelta) and interval > timedelta():
                return min(interval, timedelta(days=7))
    return None
