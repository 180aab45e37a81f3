"""[I/O] feeds add, first half: find the feeds of a site, whatever address of it was given."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from newsletter.errors import ServiceError, UsageError
from newsletter.members.discover import Candidate, How, candidates, well_known
from newsletter.model.address import url_problem
from newsletter.model.answer import Failed, Fetched
from newsletter.model.item import Item
from newsletter.model.organisation import FeedKind, Organisation
from newsletter.pulling.feed_reader import FeedReader
from newsletter.pulling.parse.charset import decode
from newsletter.pulling.parse.sniff import flavour, not_a_feed
from newsletter.pulling.reading import ReadFeed

MOST_TRIED = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundFeed:
    """A feed that answered as one. `items` are its entries as they would come in."""

    url: str
    format: str
    title: str
    site: str
    how: How
    kind: FeedKind
    items: tuple[Item, ...]
    warnings: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages its entries declare, the most frequent first."""
        known = [item.language for item in self.items if item.language != "und"]
        return tuple(sorted(dict.fromkeys(known), key=lambda language: -known.count(language)))


def find(url: str, reader: FeedReader) -> tuple[FoundFeed, ...]:
    """Return the feeds at or behind an address, the likeliest first.

    ServiceError when there is none, with what the site answered.
    """

    async def run() -> tuple[FoundFeed, ...]:
        async with reader.fetcher, reader.readers:
            return await _Search(reader).at(url)

    return asyncio.run(run())


class _FirstAnswer(NamedTuple):
    """What the address itself led to: a feed, a page, or neither for a reason."""

    url: str
    page: str = ""
    feed: FoundFeed | None = None
    reason: str = ""


@dataclass(frozen=True)
class _Search:
    """One search. What was `tried` is not tried again."""

    reader: FeedReader
    tried: set[str] = field(default_factory=set)

    async def at(self, url: str) -> tuple[FoundFeed, ...]:
        place = re.sub(r"(?i)^(?:webcals?|feed):(?://)?", "", url)  # as programs' buttons give it
        spelled = [place] if "://" in place else [f"https://{place}", f"http://{place}"]
        problem = url_problem(spelled[0])
        if problem:
            raise UsageError(f"{url} {problem}", hint="like https://harbor.example")
        for address in spelled:
            first = await self._first(address)
            if first.feed is not None:
                return (first.feed,)
            if first.page:
                break
        for group in _groups(first):
            feeds = []
            for candidate in group:
                feed = await self._try(candidate)
                if feed is not None:
                    feeds.append(feed)
                    if candidate.how is How.WELL_KNOWN:
                        break
            if feeds:
                return tuple(feeds)
        reason = first.reason or "the page names none, and none is at the usual addresses"
        raise ServiceError(
            f"found no feed at {url}: {reason}",
            hint="ask the organisation for the address of its RSS feed or calendar",
        )

    async def _first(self, url: str) -> _FirstAnswer:
        self.tried.add(url)
        async with self.reader.fetcher.opened(url) as answer:
            if isinstance(answer, Failed):
                return _FirstAnswer(url, reason=answer.reason)
            if not isinstance(answer, Fetched):
                return _FirstAnswer(url, reason="an unexpected answer")
            text = decode(answer.body, answer.content_type).text
            if flavour(text) == "page":
                return _FirstAnswer(answer.url, page=text, reason=not_a_feed(text).detail)
            feed = await self._read(answer, Candidate(url=url, how=How.ITSELF))
            return _FirstAnswer(answer.url, feed=feed, reason="" if feed else "it is not a feed")

    async def _try(self, candidate: Candidate) -> FoundFeed | None:
        if candidate.url in self.tried or len(self.tried) >= MOST_TRIED:
            return None
        self.tried.add(candidate.url)
        async with self.reader.fetcher.opened(candidate.url) as answer:
            if not isinstance(answer, Fetched):
                return None
            return await self._read(answer, candidate)

    async def _read(self, answer: Fetched, candidate: Candidate) -> FoundFeed | None:
        host = urlsplit(answer.url).hostname or "new"
        nobody = Organisation(id="new", name=host, url=f"https://{host}", languages=())
        read = await self.reader.read(answer, candidate.url, nobody)
        if not isinstance(read, ReadFeed):
            return None
        return FoundFeed(
            url=_lasting_address(answer, candidate),
            format=read.format,
            title=read.title or candidate.title,
            site=read.link,
            how=candidate.how,
            kind=FeedKind.CALENDAR if read.format == "ical" else FeedKind.NEWS,
            items=tuple(replace(item, organisation_id=None) for item, _ in read.items),
            warnings=read.warnings,
        )


def _groups(first: _FirstAnswer) -> list[list[Candidate]]:
    """Link elements, then links, then well-known places: each group only if the last failed."""
    named = candidates(first.page, first.url) if first.page else []
    return [
        [candidate for candidate in named if candidate.how is How.LINK_ELEMENT],
        [candidate for candidate in named if candidate.how is How.LINK],
        well_known(first.url),
    ]


def _lasting_address(answer: Fetched, candidate: Candidate) -> str:
    """Where all-permanent redirects led, else the address itself."""
    if answer.hops and all(hop.is_permanent for hop in answer.hops):
        return answer.url
    return candidate.url
