"""Which of the pulled items an issue may be made of."""

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from newsletter.model.item import Event, Item

EVENT_HORIZON = timedelta(days=35)


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """What an issue looks at: news first seen after `since`, events from `sends_on` on.

    `since` says from when on an organisation's pieces are news; None is from ever, but for what a
    feed's first import brought. `offered` are the items that earlier issues already offered. `zone`
    is the coalition's.
    """

    since: Callable[[str | None], datetime | None]
    sends_on: date
    zone: tzinfo
    offered: Set[str] = frozenset()


def eligible(items: Iterable[Item], window: Window) -> tuple[list[Item], dict[str, str]]:
    """Return the items that may be chosen, and for each other one why not, by id."""
    chosen: list[Item] = []
    refused: dict[str, str] = {}
    for item in items:
        reason = _refusal(item, window)
        if reason:
            refused[item.id] = reason
        else:
            chosen.append(item)
    return chosen, refused


def _refusal(item: Item, window: Window) -> str:
    if item.hidden:
        return "hidden by an editor"
    if item.withdrawn_at is not None:
        return "withdrawn at its source"
    if item.id in window.offered:
        return "offered in an earlier issue"
    if item.event is not None:
        return _event_refusal(item.event, window)
    if item.is_backlog:
        return _backlog_reason(item)
    since = window.since(item.organisation_id)
    if since is not None and item.first_seen_at <= since:
        return "seen before the last issue that its organisation was in"
    return ""


def _backlog_reason(item: Item) -> str:
    """What made it an archive of its feed, by its dates: see `pulling/items/diff.py`."""
    seen = item.first_seen_at
    if item.published_at is None:
        return f"was already in the feed when it was first pulled, {item.why_undated}"
    dated = min(item.published_at, item.first_published_at or item.published_at)
    days = (seen - dated).days
    if days < 1:
        return "was taken for an archive when it was first seen"
    return f"dated {dated:%Y-%m-%d}, {days} days before it was first seen: an archive"


def _event_refusal(event: Event, window: Window) -> str:
    if event.cancelled:
        return "cancelled"
    if _last_day(event, window.zone) < window.sends_on:
        return "over before the issue is sent"
    if _day(event.starts, window.zone) > window.sends_on + EVENT_HORIZON:
        return f"more than {EVENT_HORIZON.days} days ahead"
    return ""


def _last_day(event: Event, zone: tzinfo) -> date:
    """The last day of an event; all-day ends (RFC 5545 3.6.1) and midnight are exclusive."""
    last = event.last
    if isinstance(last, datetime):
        last = last.astimezone(zone) - timedelta(microseconds=1)
    return max(_day(last or event.starts, zone), _day(event.starts, zone))


def _day(moment: datetime | date, zone: tzinfo) -> date:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
