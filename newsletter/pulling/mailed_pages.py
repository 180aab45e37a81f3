"""[I/O] Ask the pages of pieces that were mailed lately and that their feeds no longer list."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from newsletter.model.address import host_of, same_page
from newsletter.model.answer import Answer, Failed, Failure, Fetched
from newsletter.model.item import Item, MailedPage
from newsletter.model.pulling import FeedResult, host_of_feed
from newsletter.pulling.article_pages import PAGE_TYPES
from newsletter.pulling.feed_state import is_host_blocked
from newsletter.pulling.parse.charset import decode
from newsletter.pulling.parse.parsed import NotFeed
from newsletter.pulling.parse.sniff import not_a_feed
from newsletter.pulling.task_group import task_group

if TYPE_CHECKING:
    from newsletter.pulling.fetch.fetch import Fetcher

MOST = 20  # pages in one pull
TOTAL_SECONDS = 60.0  # for all of them
APART = timedelta(hours=20)  # and on another day: twice in a short night is not two days
ENOUGH = 64 * 1024  # bytes: a page that begins to arrive is there
LOST_FEEDS = (FeedResult.GONE, FeedResult.MISSING)  # such a feed lists nothing any more
DOORS = (NotFeed.LOGIN, NotFeed.CHALLENGE, NotFeed.COOKIES)  # they hide what is behind them


class _Says(Enum):
    """What an answer says of the page that was asked for."""

    GONE = auto()
    LOST = auto()  # which may be a mistake that is mended tomorrow
    THERE = auto()
    NOTHING = auto()


@dataclass(slots=True)
class AskedPages:
    """What pages answered, by item id; the items that are `gone` since, and those that are `back`.

    `busy` are the answers of sites that want to be left alone.
    """

    pages: dict[str, MailedPage] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    busy: list[Failed] = field(default_factory=list)


def to_ask(
    items: Iterable[Item],
    feeds: Mapping[str, FeedResult],
    blocked: Mapping[str, datetime],
    now: datetime,
) -> Sequence[Item]:
    """Return those whose pages are to be asked now, who waited longest first.

    `feeds` are those of this pull, with what came of asking them; `blocked` are hosts that asked us
    to wait, until when.
    """
    unlisted = [
        item
        for item in items
        if (result := feeds.get(item.feed_url or "")) not in (None, FeedResult.PAUSED)
        and (result in LOST_FEEDS or (item.mailed_page and not item.mailed_page.is_listed))
        and item.link
        and not is_host_blocked(blocked.get(_host(item)), now)
        and _is_due(item.mailed_page, now)
    ]
    return sorted(unlisted, key=lambda item: (_asked_at(item), item.id))[:MOST]


async def ask_pages(
    items: Sequence[Item],
    fetcher: "Fetcher",
    now: datetime,
    *,
    total_seconds: float = TOTAL_SECONDS,
) -> AskedPages:
    """Ask each page once, one after the other on a host, for as long as there is time."""
    by_host: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_host[_host(item)].append(item)
    asked = AskedPages()
    with suppress(TimeoutError):
        async with asyncio.timeout(total_seconds), task_group() as tasks:
            for on_host in by_host.values():
                tasks.create_task(_ask_host(on_host, fetcher, now, asked))
    return asked


def leads_home(link: str, answer: Answer) -> bool:
    """Return whether a page that was asked for leads for good to its site's front page."""
    return (
        bool(answer.hops)
        and all(hop.is_permanent for hop in answer.hops)
        and host_of(answer.url) == host_of(link)
        and bool(same_page(link))
        and not same_page(answer.url)
    )


async def _ask_host(
    items: Sequence[Item], fetcher: "Fetcher", now: datetime, asked: AskedPages
) -> None:
    for item in items:
        link, seen = item.link or "", item.mailed_page
        lost_since = seen.lost_since if seen else None
        page = MailedPage(is_listed=False, asked_at=now, lost_since=lost_since)
        asked.pages[item.id] = page  # first: one that never ends is not asked again today
        async with fetcher.opened(link, limit=ENOUGH, accept=PAGE_TYPES) as answer:
            says = _says(link, answer, may_be_door=lost_since is not None)
        if isinstance(answer, Failed) and answer.kind is Failure.BUSY:
            asked.busy.append(answer)
            break
        if says is _Says.THERE:
            asked.pages[item.id] = replace(page, lost_since=None)
            if lost_since is not None and item.withdrawn_at is not None:
                asked.back.append(item.id)
        elif says is not _Says.NOTHING:
            asked.pages[item.id] = replace(page, lost_since=lost_since or now)
            if (lost_since is not None or says is _Says.GONE) and item.withdrawn_at is None:
                asked.gone.append(item.id)


def _host(item: Item) -> str:
    try:
        return host_of_feed(item.link or "")
    except ValueError:
        return ""


def _says(link: str, answer: Answer, *, may_be_door: bool) -> _Says:
    if isinstance(answer, Failed) and answer.kind is Failure.GONE:
        return _Says.GONE
    if isinstance(answer, Failed) and answer.kind is Failure.MISSING:
        return _Says.LOST
    if isinstance(answer, Failed) and answer.kind is not Failure.TOO_LARGE:
        return _Says.NOTHING
    if leads_home(link, answer):
        return _Says.LOST
    if may_be_door and isinstance(answer, Fetched) and _is_door(answer):
        return _Says.NOTHING
    return _Says.THERE


def _is_door(answer: Fetched) -> bool:
    return not_a_feed(decode(answer.body, answer.content_type).text).kind in DOORS


def _is_due(page: MailedPage | None, now: datetime) -> bool:
    """Whether it was not asked today; a clock that was ahead holds nothing up for long."""
    if page is None or page.asked_at is None:
        return True
    last = page.asked_at.astimezone(UTC)
    return abs(now - last) >= APART and last.date() != now.astimezone(UTC).date()


def _asked_at(item: Item) -> datetime:
    page = item.mailed_page
    return page.asked_at if page and page.asked_at else datetime.min.replace(tzinfo=UTC)
