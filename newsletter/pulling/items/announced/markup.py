"""The event that markup describes: schema.org's in JSON-LD and microdata, microformats' h-event.

https://schema.org/Event, https://microformats.org/wiki/h-event and its older hCalendar.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from html import unescape
from typing import Any

from newsletter.model.address import joined_if_valid, same_page
from newsletter.model.item import Event
from newsletter.pulling.items.announced.microformats import Described, described_in, is_event_type
from newsletter.pulling.items.sanitise import line, web_link

LONGEST = 500_000  # characters of a page
_MOST = 2000  # parts of a page's JSON-LD
_SCRIPT = re.compile(r"<script\b[^>]{0,300}application/ld\+json[^>]{0,300}>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_OFF = re.compile(r"Cancelled|Canceled|Postponed", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """An event of a page, and which page it says is its own."""

    event: Event
    url: str


def event_in_markup(markup: str, link: str, zone: tzinfo) -> Event | None:
    """Return the event that a post's markup describes, or None where it has none or several.

    Of several it is the one whose address is the post's own, `link`. Hours without a zone are in
    `zone`, the coalition's.
    """
    if not _is_marked(markup):
        return None
    markup = markup[:LONGEST]
    described = [*_json_events(markup), *described_in(markup)]
    found = [
        _Found(event=event, url=joined_if_valid(link, one.url) if one.url else "")
        for one in described
        if (event := _event(one, link, zone)) is not None
    ]
    own = [one for one in found if link and one.url and same_page(one.url) == same_page(link)]
    events = [one.event for one in own or found]
    if len({event.starts for event in events}) != 1 or any(one.cancelled for one in events):
        return None
    return max(events, key=lambda event: bool(event.place))


def _is_marked(markup: str) -> bool:
    """Whether `h-event`, `vevent` or `schema.org` stands in it: quick, for most have none."""
    at = markup.find("event")
    while at >= 0:
        if markup.endswith(("h-", "v"), 0, at):
            return True
        at = markup.find("event", at + 1)
    return "schema.org" in markup


def _json_events(markup: str) -> Iterator[Described]:
    for script in _scripts(markup):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        for part in _parts(data):
            types = part.get("@type")
            if any(map(is_event_type, types if isinstance(types, list) else [types])):
                yield _described(part)


def _scripts(markup: str) -> Iterator[str]:
    at = 0
    while begin := _SCRIPT.search(markup, at):
        end = _SCRIPT_END.search(markup, begin.end())
        if end is None:
            return
        yield markup[begin.end() : end.start()]
        at = end.end()


def _parts(data: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON value."""
    waiting, seen = [data], 0
    while waiting and seen < _MOST:
        part = waiting.pop()
        seen += 1
        if isinstance(part, dict):
            yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _described(part: dict[str, Any]) -> Described:
    places = part.get("location")
    places = places if isinstance(places, list) else [places]
    online = next((_said(one, "url") for one in places if _is_online(one)), "")
    return Described(
        starts=_said(part, "startDate"),
        ends=_said(part, "endDate"),
        place=next((place for one in places if not _is_online(one) and (place := _where(one))), ""),
        online=online,
        status=_said(part, "eventStatus"),
        url=_said(part, "url") or _said(part, "@id"),
    )


def _is_online(place: Any) -> bool:
    return isinstance(place, dict) and str(place.get("@type", "")).endswith("VirtualLocation")


def _where(place: Any) -> str:
    """`Union Hall, 614 Wilmer Street, Los Angeles`."""
    if isinstance(place, str):
        return place
    if not isinstance(place, dict):
        return ""
    address = place.get("address")
    keys = ("streetAddress", "addressLocality")
    if isinstance(address, dict):
        address = ", ".join(filter(None, (_said(address, key) for key in keys)))
    name = _said(place, "name")
    return ", ".join(part for part in (name, address) if isinstance(part, str) and part)


def _said(part: Any, key: str) -> str:
    value = part.get(key) if isinstance(part, dict) else None
    value = value[0] if isinstance(value, list) and value else value
    return unescape(value).strip() if isinstance(value, str) else ""


def _event(described: Described, link: str, zone: tzinfo) -> Event | None:
    starts = moment(described.starts, zone)
    if starts is None:
        return None
    ends = moment(described.ends, zone)
    if isinstance(ends, date) and not isinstance(ends, datetime):
        ends += timedelta(days=1)  # a day's own name is the last one; ours ends the day after
    is_span = ends is not None and isinstance(ends, datetime) == isinstance(starts, datetime)
    return Event(
        starts=starts,
        ends=ends if is_span and _is_later(ends, starts) else None,
        place=line(described.place, is_html=True)[:300],
        online_url=web_link(described.online, link) or None,
        cancelled=bool(_OFF.search(described.status)),
    )


def _is_later(ends: Any, starts: Any) -> bool:
    shortest = timedelta() if isinstance(starts, datetime) else timedelta(days=1)
    return bool(ends - starts > shortest)


def moment(text: str, zone: tzinfo) -> datetime | date | None:
    """Read a day or a moment in ISO 8601; None for anything else, and for an hour in UTC.

    Sites that do not know their time zone mark their own hours as UTC (the-events-calendar#757).
    """
    text = text.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    if read.tzinfo is None:
        return read.replace(tzinfo=zone)
    return read if read.utcoffset() or not read.astimezone(zone).utcoffset() else None
