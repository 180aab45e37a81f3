"""One occurrence of a calendar's event to an entry."""

import html
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from newsletter.model.address import joined_if_valid
from newsletter.model.called_off import says_cancelled
from newsletter.model.entry import Entry
from newsletter.model.item import Event, instant
from newsletter.pulling.parse.calendar.meeting_links import meeting_link, place_words
from newsletter.pulling.parse.paragraphs import paragraphs

UNKNOWN_ZONE = "X-UNKNOWN-ZONE"  # ours: what an event said of its zone, where nobody knows it
SERIES = "X-SERIES"  # ours: each occurrence is a thing of its own
_CONFERENCES = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
_ALL_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]+);", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|blockquote|br|div|em|font|h[1-6]|hr|html|i|img|li|ol|p|span|strong|table|td|tr|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|p|div|li|table|h[1-6])\b", re.IGNORECASE)
_NO_TAG = re.compile(r"<(?=[^<>\s@]+@|https?://|mailto:|tel:)([^<>]*)>", re.IGNORECASE)
_RULE = re.compile(r"^[ \t]*[_*~=\u2500-]{5,}[ \t]*$", re.MULTILINE)


def entry_of(event: Any, url: str, zone: tzinfo) -> Entry | None:
    """Return the entry, or None for an event without a beginning; `zone` is that of floating
    times."""
    starts = when(event, "DTSTART", zone)
    if starts is None:
        return None
    description = said(event, "DESCRIPTION") or said(event, "X-ALT-DESC")
    location = _plain(said(event, "LOCATION"))
    link = said(event, "URL")
    link = joined_if_valid(url, link) if link else ""
    conference = " ".join(_all(event, name) for name in _CONFERENCES)
    meeting = meeting_link(conference, location, _plain(description))
    title = " ".join(_plain(said(event, "SUMMARY")).split())
    starts, ends = _span(event, starts, when(event, "DTEND", zone), zone)
    uid = said(event, "UID")
    return Entry(
        guid=f"{uid} {instant(starts)}" if uid else "",
        uid="" if SERIES in event else uid,
        link=link,
        title=title,
        html=_as_html(description),
        base=link or url,
        categories=_categories(event),
        published=_moment(event, "CREATED"),  # DTSTAMP is often the moment of the export
        updated=_moment(event, "LAST-MODIFIED"),
        event=Event(
            starts=starts,
            ends=ends,
            place=place_words(location, meeting),
            online_url=meeting,
            cancelled=is_cancelled(event) or says_cancelled(title),
            unknown_zone=said(event, UNKNOWN_ZONE),
        ),
    )


def is_cancelled(event: Any) -> bool:
    """Return whether the calendar says that it does not take place."""
    return said(event, "STATUS").upper() in ("CANCELLED", "CANCELED")


def when(event: Any, name: str, zone: tzinfo = UTC) -> datetime | date | None:
    """Return a property's aware datetime or date, if it has one that can be read."""
    try:
        value = getattr(event.get(name), "dt", None)
    except ValueError:  # the library says so only now that it could not read the value
        return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone) if value.tzinfo is None else value
    return value if isinstance(value, date) else None


def said(event: Any, name: str) -> str:
    """Return a property's text, of several the first; empty where there is none."""
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    try:
        return str(value or "").strip()
    except ValueError:
        return ""


def _all(event: Any, name: str) -> str:
    """All texts of a property that may stand several times."""
    value = event.get(name) or ""
    try:
        return " ".join(map(str, value)) if isinstance(value, list) else str(value)
    except ValueError:
        return ""


def _span(
    event: Any, starts: datetime | date, ends: datetime | date | None, zone: tzinfo
) -> tuple[datetime | date, datetime | date | None]:
    """An all-day event in days, however it is written; an end only where it says something."""
    is_marked = any(said(event, mark).upper() == "TRUE" for mark in _ALL_DAY)
    if is_marked and isinstance(starts, datetime) and isinstance(ends, datetime):
        here = starts.astimezone(zone), ends.astimezone(zone)
        if _is_of_midnights(*here):  # Outlook writes the days of where it is in UTC
            starts, ends = here
        elif starts.utcoffset() == timedelta() and not (ends - starts) % timedelta(days=1):
            starts, ends = _nearest_day(starts), _nearest_day(ends)  # of a zone nobody told
    if isinstance(starts, datetime) and (is_marked or _is_of_midnights(starts, ends)):
        starts = starts.date()
        if isinstance(ends, datetime):
            ends = ends.date() + timedelta(days=ends.time() != time.min)
    if ends is None or isinstance(ends, datetime) != isinstance(starts, datetime):
        return starts, None
    shortest = timedelta() if isinstance(starts, datetime) else timedelta(days=1)
    return starts, ends if ends - starts > shortest else None


def _nearest_day(moment: datetime) -> datetime:
    return datetime.combine((moment + timedelta(hours=12)).date(), time.min, UTC)


def _is_of_midnights(starts: datetime, ends: datetime | date | None) -> bool:
    if not isinstance(ends, datetime) or starts.time() != time.min:
        return False
    is_midnight = ends.time() == time.min and ends.date() > starts.date()
    return is_midnight or ends.time() >= time(23, 59)


def _plain(text: str) -> str:
    return _ENTITY.sub(_decoded, text)


def _decoded(entity: re.Match[str]) -> str:
    return html.unescape(entity[0]).replace("\xa0", " ")


def _as_html(description: str) -> str:
    """Markup where the text is markup; else its paragraphs, with every sign that it has."""
    if "\n" not in description:  # escaped twice
        description = description.replace("\\\\n", "\n").replace("\\n", "\n")
    if not _TAG.search(description):
        apart = re.sub(r"(?<=\w)<(?=https?://)", " <", _plain(description))
        return paragraphs(_RULE.sub("", apart))
    markup = _NO_TAG.sub(r"&lt;\1&gt;", description)
    return markup if _BREAK.search(markup) else markup.replace("\n", "<br>")


def _moment(event: Any, name: str) -> datetime | None:
    value = when(event, name)
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def _categories(event: Any) -> tuple[str, ...]:
    value = event.get("CATEGORIES")
    groups = value if isinstance(value, list) else [value] if value else []
    names = [str(name).strip() for group in groups for name in getattr(group, "cats", [group])]
    return tuple(dict.fromkeys(name for name in names if name))
