"""Bytes of a feed to entries, whatever its format. Pure; runs in a worker that may die."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from newsletter.pulling.parse.calendar.blocks import unfolded
from newsletter.pulling.parse.calendar.read_calendar import read_calendar
from newsletter.pulling.parse.charset import decode, decode_mixed
from newsletter.pulling.parse.json_feed import read_json
from newsletter.pulling.parse.parsed import NotFeed, ParsedFeed, Unreadable
from newsletter.pulling.parse.sniff import flavour, not_a_feed
from newsletter.pulling.parse.xml_feed import read_xml


def parse(
    body: bytes, *, url: str, now: datetime, content_type: str = "", zone: tzinfo = UTC
) -> ParsedFeed | Unreadable:
    """Return the feed in a body fetched from `url`, or what the body is instead.

    `now` decides which occurrences of a calendar are still to come; `zone` is the time zone of
    times that name none.
    """
    decoded = decode(body, content_type)
    kind = flavour(decoded.text)
    if kind == "empty":
        return Unreadable(kind=NotFeed.EMPTY, detail="an empty answer")
    if kind == "page":
        return not_a_feed(decoded.text)
    if kind == "other":
        return Unreadable(kind=NotFeed.OTHER, detail="neither XML, JSON nor a calendar")
    if kind == "calendar":
        decoded = decode_mixed(unfolded(body), content_type)
        parsed = read_calendar(decoded.text, url=url, now=now, zone=zone)
    elif kind == "json":
        parsed = read_json(decoded.text, url=url, zone=zone)
    else:
        parsed = read_xml(decoded.text, url=url, zone=zone)
    if isinstance(parsed, ParsedFeed) and decoded.warning:
        return replace(parsed, warnings=(*parsed.warnings, decoded.warning))
    return parsed
