"""Bytes of a feed to entries, whatever its format. Pure; runs in a worker that may die."""

from datetime import datetime

from newsletter.feeds.calendar import read_calendar
from newsletter.feeds.charset import decode
from newsletter.feeds.json_feed import read_json
from newsletter.feeds.parsed import NotFeed, ParsedFeed, Unreadable
from newsletter.feeds.sniff import flavour, not_a_feed
from newsletter.feeds.xml_feed import read_feed


def parse(
    body: bytes, *, url: str, now: datetime, content_type: str = ""
) -> ParsedFeed | Unreadable:
    """The feed in a body fetched from `url`, or what the body is instead.

    `now` decides which occurrences of a calendar are still to come.
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
        found = read_calendar(decoded.text, url=url, now=now)
    elif kind == "json":
        found = read_json(decoded.text, url=url)
    else:
        found = read_feed(decoded.text, url=url)
    if isinstance(found, ParsedFeed) and decoded.warning:
        return _with_warning(found, decoded.warning)
    return found


def _with_warning(feed: ParsedFeed, warning: str) -> ParsedFeed:
    from dataclasses import replace

    return replace(feed, warnings=(*feed.warnings, warning))
