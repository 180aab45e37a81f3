"""iCalendar (RFC 5545) to entries: each series at its next occurrence; past ones are dropped."""

import html
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from newsletter.model.entry import Entry, EntryEvent
from newsletter.model.item import beginning
from newsletter.pulling.parse.parsed import NotFeed, ParsedFeed, Unreadable

AHEAD = timedelta(days=120)
MOST = 500  # events of one calendar: the soonest
ONLINE = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
MEETING = re.compile(r"zoom\.us|meet\.google|teams\.microsoft|jit\.si|webex|whereby|gotomeeting")


def read_calendar(
    text: str, *, url: str, now: datetime, zone: tzinfo = UTC
) -> ParsedFeed | Unreadable:
    """The events from now on, as far ahead as an issue could announce them.

    `zone` is what a time means that names none ("floating", RFC 5545 section 3.3.5).
    """
    import icalendar

    if text.lstrip()[:12].upper() == "BEGIN:VEVENT":  # an event on its own, as some sites send it
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text.strip()}\r\nEND:VCALENDAR\r\n"
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return _broken(text, f"not a calendar ({str(error)[:200]})")
    if not calendars:
        return _broken(text, "a calendar without content")
    warnings: list[str] = []
    entries: list[tuple[datetime, Entry]] = []
    later: list[str] = []
    until = now + AHEAD
    for found in calendars:
        zone_here = _own_zone(found) or zone
        series = _series(found)
        events = _occurrences(found, now, warnings, zone_here)
        if events is None:
            until = now
            continue
        for event in events[0]:
            entry = _entry(event, url, zone_here, series)
            if entry is not None and entry.event is not None:
                entries.append((beginning(entry.event.starts), entry))
        later += [_guid(event, zone_here, series) for event in events[1]]
    entries.sort(key=lambda one: one[0])
    if len(entries) > MOST:
        warnings.append(f"{len(entries)} events to come; only the next {MOST} were read")
        until = min(until, entries[MOST][0])
    title = next((str(one.get("X-WR-CALNAME")) for one in calendars if one.get("X-WR-CALNAME")), "")
    return ParsedFeed(
        format="ical",
        title=" ".join(title.split()),
        link=next((str(one.get("URL")) for one in calendars if one.get("URL")), ""),
        entries=tuple(entry for _, entry in entries[:MOST]),
        period=_period(calendars),
        until=until,
        later=tuple(later),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _broken(text: str, detail: str) -> Unreadable:
    is_cut = "END:VCALENDAR" not in text.upper()
    return Unreadable(kind=NotFeed.TRUNCATED if is_cut else NotFeed.BROKEN, detail=detail)


def _own_zone(found: Any) -> tzinfo | None:
    """What Google's calendars say of their floating times."""
    try:
        return ZoneInfo(str(found.get("X-WR-TIMEZONE") or ""))
    except (KeyError, ValueError, OSError):
        return None


def _series(found: Any) -> frozenset[str]:
    """The UIDs of events that recur: each of their occurrences is a thing of its own."""
    return frozenset(
        _words(event, "UID")
        for event in found.walk("VEVENT")
        if any(name in event for name in ("RRULE", "RDATE", "RECURRENCE-ID"))
    )


def _occurrences(
    found: Any, now: datetime, warnings: list[str], zone: tzinfo
) -> tuple[list[Any], list[Any]] | None:
    """Each series' next occurrence and each single event to come, and the series' later ones.

    What fails alone is left out; None when nothing can be said of any.
    """
    import recurring_ical_events

    found.subcomponents = [part for part in found.subcomponents if not _is_private(part)]
    dated = [
        part
        for part in found.subcomponents
        if part.name != "VEVENT" or _when(part, "DTSTART") is not None
    ]
    if len(dated) < len(found.subcomponents):
        warnings.append(f"{len(found.subcomponents) - len(dated)} events have no start")
        found.subcomponents = dated
    try:
        query = recurring_ical_events.of(found, skip_bad_series=True)
        events = query.between(now, now + AHEAD)
    except Exception as error:
        warnings.append(f"some events could not be read ({type(error).__name__})")
        return None
    later = []
    first: dict[tuple[str, str], Any] = {}
    for event in sorted(events, key=lambda event: _order(event, zone)):
        status = _words(event, "STATUS").upper()
        uid = _words(event, "UID") or f"{_words(event, 'SUMMARY')}{_when(event, 'DTSTART')}"
        # A cancelled occurrence is news of its own; the series goes on beside it.
        series = (uid, "cancelled" if status == "CANCELLED" else "")
        if first.setdefault(series, event) is not event:
            later.append(event)
    return list(first.values()), later


def _is_private(event: Any) -> bool:
    """Not meant for everybody, though it stands in a feed (RFC 5545, section 3.8.1.3)."""
    return _words(event, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL")


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
    try:
        link = urljoin(url, link) if link else ""
    except ValueError:
        link = ""
    is_cancelled = _words(event, "STATUS").upper() == "CANCELLED"
    body = description if "<" in description and ">" in description else _paragraphs(description)
    return Entry(
        guid=_guid(event, zone, series),
        link=link,
        title=" ".join(_words(event, "SUMMARY").split()),
        html=body,
        base=link or url,
        categories=_categories(event),
        published=_moment(event, "CREATED"),  # DTSTAMP is often the moment of the export
        updated=_moment(event, "LAST-MODIFIED"),
        event=EntryEvent(
            starts=starts,
            ends=_when(event, "DTEND", zone),
            place=" ".join(ONLINE.sub("", location).split()),
            online_url=_online(event, location, description),
            cancelled=is_cancelled,
        ),
    )


def _guid(event: Any, zone: tzinfo, series: frozenset[str]) -> str:
    uid = _words(event, "UID")
    return f"{uid} {_order(event, zone)}" if uid in series else uid


def _online(event: Any, location: str, description: str) -> str | None:
    for name in ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"):
        found = ONLINE.search(_words(event, name))
        if found:
            return found[0]
    found = ONLINE.search(location)
    if found:
        return found[0]
    return next((one for one in ONLINE.findall(description) if MEETING.search(one)), None)


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


def _paragraphs(text: str) -> str:
    parts = re.split(r"\n\s*\n", html.escape(text, quote=False))
    return "".join(
        f"<p>{part.strip().replace(chr(10), '<br>')}</p>" for part in parts if part.strip()
    )


def _categories(event: Any) -> tuple[str, ...]:
    value = event.get("CATEGORIES")
    groups = value if isinstance(value, list) else [value] if value else []
    names = [str(name).strip() for group in groups for name in getattr(group, "cats", [group])]
    return tuple(dict.fromkeys(name for name in names if name))


def _period(calendars: list[Any]) -> timedelta | None:
    for one in calendars:
        for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
            value = one.get(name)
            try:
                found = getattr(value, "dt", None)
            except ValueError:
                continue
            if isinstance(found, timedelta) and found > timedelta():
                return min(found, timedelta(days=7))
    return None
