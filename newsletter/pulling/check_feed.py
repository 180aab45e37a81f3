"""[I/O] feeds check: ask an address now, and say what comes of it; nothing is stored."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.model.answer import Failed, NotModified
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation
from newsletter.model.pulling import FeedResult, FeedState
from newsletter.pulling import feed_state
from newsletter.pulling.items.guess import language_remarks
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost
from newsletter.pulling.reading import ReadJob

if TYPE_CHECKING:
    from newsletter.pulling.fetch.fetch import Fetcher
    from newsletter.pulling.parse.pool import WorkerPool


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What one address answered. `hops` are the redirects on the way."""

    url: str
    result: FeedResult
    detail: str = ""
    format: str = ""
    title: str = ""
    hops: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def is_well(self) -> bool:
        """Return whether it can be registered."""
        return self.result.is_success


def check(
    url: str,
    organisation: Organisation,
    fetcher: "Fetcher",
    readers: "WorkerPool",
    clock: Callable[[], datetime],
) -> Checked:
    """Ask once, without validators. Return what came of it."""

    async def run() -> Checked:
        async with fetcher as fetching, readers as reading, fetching.opened(url) as answer:
            now = clock()
            hops = tuple(f"{hop.status} {hop.url}" for hop in answer.hops)
            state = FeedState(url=url, organisation_id=organisation.id)
            if isinstance(answer, NotModified):
                detail = "304 Not Modified to an unconditional request"
                return Checked(url=url, result=FeedResult.ERROR, detail=detail)
            if isinstance(answer, Failed):
                state = feed_state.after_failed(state, answer, now)
                return Checked(url=url, result=state.result, detail=state.detail, hops=hops)
            read = await reading.run(
                ReadJob(answer=answer, feed_url=url, organisation=organisation, now=now)
            )
            if isinstance(read, ParserLost):
                return Checked(url=url, result=FeedResult.BROKEN, detail=read.reason, hops=hops)
            if isinstance(read, Unreadable):
                state = feed_state.after_unreadable(state, read, now)
                return Checked(url=url, result=state.result, detail=state.detail, hops=hops)
            items = tuple(item for item, _ in read.items)
            remarks = [*read.warnings, *_remarks(items)]
            if not (answer.headers.get("etag") or answer.headers.get("last-modified")):
                remarks.append(
                    "sends neither ETag nor Last-Modified, so we fetch it only once a day"
                )
            return Checked(
                url=url,
                result=FeedResult.NEW if items else FeedResult.NO_ENTRIES,
                format=read.format,
                title=read.title,
                hops=hops,
                remarks=tuple(remarks),
                items=items,
            )

    return asyncio.run(run())


def _remarks(items: tuple[Item, ...]) -> list[str]:
    """What the organisation could make better."""
    remarks = []
    undated = sum(item.published_at is None and item.event is None for item in items)
    if undated:
        remarks.append(f"{undated} of {len(items)} entries have no date")
    unlinked = sum(item.link is None and item.event is None for item in items)
    if unlinked:
        remarks.append(f"{unlinked} of {len(items)} entries have no link")
    remarks += language_remarks(items)
    return remarks
