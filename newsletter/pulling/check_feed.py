"""[I/O] feeds check: ask an address now, and say what comes of it; nothing is stored."""

import asyncio
from dataclasses import dataclass, replace

from newsletter.model.answer import Failed, NotModified
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation
from newsletter.model.pulling import FeedResult, FeedState
from newsletter.pulling import feed_state
from newsletter.pulling.feed_reader import FeedReader
from newsletter.pulling.items.guess import language_remarks
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost


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


def check(url: str, organisation: Organisation, reader: FeedReader) -> Checked:
    """Ask once, without validators. Return what came of it."""
    return asyncio.run(_check(url, organisation, reader))


async def _check(url: str, organisation: Organisation, reader: FeedReader) -> Checked:
    async with reader.fetcher as fetcher, reader.readers, fetcher.opened(url) as answer:
        now = reader.clock()
        checked = Checked(
            url=url,
            result=FeedResult.BROKEN,
            hops=tuple(f"{hop.status} {hop.url}" for hop in answer.hops),
        )
        state = FeedState(url=url, organisation_id=organisation.id)
        if isinstance(answer, NotModified):
            detail = "304 Not Modified to an unconditional request"
            return Checked(url=url, result=FeedResult.ERROR, detail=detail)
        if isinstance(answer, Failed):
            state = feed_state.after_failed(state, answer, now)
            return replace(checked, result=state.result, detail=state.detail)
        read = await reader.read(answer, url, organisation)
        if isinstance(read, ParserLost):
            return replace(checked, detail=read.reason)
        if isinstance(read, Unreadable):
            state = feed_state.after_unreadable(state, read, now)
            return replace(checked, result=state.result, detail=state.detail)
        items = read.latest
        remarks = [*read.warnings, *_remarks(items)]
        if not (answer.headers.get("etag") or answer.headers.get("last-modified")):
            remarks.append("sends neither ETag nor Last-Modified, so we fetch it only once a day")
        return replace(
            checked,
            result=FeedResult.NEW if items else FeedResult.NO_ENTRIES,
            format=read.format,
            title=read.title,
            remarks=tuple(remarks),
            items=items,
        )


def _remarks(items: tuple[Item, ...]) -> list[str]:
    """What the organisation could make better."""
    remarks = []
    undated = sum(
        item.published_at is None and not item.unreadable_date and item.event is None
        for item in items
    )
    if undated:
        remarks.append(f"{undated} of {len(items)} entries have no date")
    unlinked = sum(item.link is None and item.event is None for item in items)
    if unlinked:
        remarks.append(f"{unlinked} of {len(items)} entries have no link")
    remarks += language_remarks(items)
    return remarks
