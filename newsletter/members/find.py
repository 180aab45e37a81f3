"""[I/O] feeds add, first half: find the feeds of a site, whatever address of it was given."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from newsletter.errors import ServiceError, UsageError
from newsletter.members.closed_sites import (
    KEEP_THEM,
    closed_site,
    closed_sites_linked,
    sends_on_to,
)
from newsletter.members.discover import Candidate, How, candidates, well_known
from newsletter.members.health import FIXES
from newsletter.model.address import host_of, joined_if_valid, site_of, url_problem
from newsletter.model.answer import Answer, Failed, Failure, Fetched
from newsletter.model.item import Item
from newsletter.model.organisation import FeedKind, Organisation
from newsletter.model.pulling import FeedResult, FeedState
from newsletter.pulling import feed_state
from newsletter.pulling.feed_reader import FeedReader
from newsletter.pulling.parse.charset import decode
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost
from newsletter.pulling.parse.sniff import flavour, not_a_feed
from newsletter.pulling.reading import ReadFeed

MOST_TRIED = 50  # the usual places below a page and below its site are 42
TOTAL_SECONDS = 60.0  # for all of them: a site that drips would take 20 minutes
ASK_THEM = "check the spelling, or ask the organisation for the address of its RSS feed or calendar"
# Where the address itself ends like this, no other one of its site is asked.
HOPELESS = frozenset(
    {Failure.REFUSED, Failure.UNREACHABLE, Failure.TIMEOUT, Failure.BUSY, Failure.OLD_TLS}
    | {Failure.CERTIFICATE_EXPIRED, Failure.CHAIN_INCOMPLETE, Failure.WRONG_NAME}
    | {Failure.SELF_SIGNED}
)
# What they may not be able to mend, or not want to: they can be kept all the same.
CLOSED_TO_US = frozenset(
    {FeedResult.LOGIN_PAGE, FeedResult.COOKIE_WALL, FeedResult.CHALLENGE_PAGE, FeedResult.DENIED}
)
# What a member can mend without our knowing where their feed is.
MENDABLE = CLOSED_TO_US | {
    *(FeedResult.TIMEOUT, FeedResult.BUSY, FeedResult.REFUSED, FeedResult.OLD_TLS),
    *(FeedResult.CERTIFICATE_EXPIRED, FeedResult.CHAIN_INCOMPLETE, FeedResult.WRONG_NAME),
    FeedResult.SELF_SIGNED,
}
_UNKNOWN = FeedState(url="", organisation_id="")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a search came to: its feeds, the likeliest first, and the addresses not tried."""

    feeds: tuple[FoundFeed, ...]
    untried: tuple[str, ...] = ()


def find(url: str, reader: FeedReader, *, total_seconds: float = TOTAL_SECONDS) -> Found:
    """Return the feeds at or behind an address, as far as there is time.

    ServiceError when there is none, with what the site answered and what was not tried.
    """
    search = _Search(reader)

    async def run() -> None:
        async with reader.fetcher, reader.readers:
            with suppress(TimeoutError):
                async with asyncio.timeout(total_seconds):
                    await search.at(url)

    asyncio.run(run())
    untried = tuple(search.waiting)
    if search.feeds:
        return Found(feeds=tuple(search.feeds), untried=untried)
    more = f" and {len(untried) - 1} more" if len(untried) > 1 else ""
    left = f"; not tried: {untried[0]}{more}" if untried else ""
    raise ServiceError(f"found no feed at {url}: {search.reason}{left}", hint=search.hint)


class _Page(NamedTuple):
    """Where to look on: a page of the site, or an address that answered with no page."""

    url: str
    text: str = ""


@dataclass
class _Search:
    """One search: the feeds so far, or why there is none; `waiting` are the addresses to come."""

    reader: FeedReader
    feeds: list[FoundFeed] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    page: str = ""  # the address that was given, where it answered
    linked: tuple[str, ...] = ()  # the closed sites that it links to
    reason: str = ""
    hint: str = ASK_THEM

    async def at(self, url: str) -> None:
        """Search there. UsageError for what is no address."""
        place = re.sub(r"(?i)^(?:webcals?|feed):(?://)?", "", url)  # as programs' buttons give it
        spelled = [place] if "://" in place else [f"https://{place}", f"http://{place}"]
        problem = url_problem(spelled[0])
        if problem:
            raise UsageError(f"{url} {problem}", hint="like https://harbor.example")
        page = None
        for self.waiting in ([address] for address in spelled):
            page = await self._first(self.waiting[0])
            self.waiting = []
            if page is not None or self.feeds:
                break
        for group in _groups(page) if page is not None else ():
            await self._try_all(group)
            if self.feeds:
                return

    async def _first(self, url: str) -> _Page | None:
        """Ask the address itself. Return where to look on, None if that was all."""
        if self._is_closed(url):
            return None
        self.tried.add(url)
        async with self.reader.fetcher.opened(url) as answer:
            if self._is_closed(answer.url):
                return None
            if not isinstance(answer, Fetched):
                self._note(answer)
                is_hopeless = isinstance(answer, Failed) and answer.kind in HOPELESS
                return None if is_hopeless else _Page(answer.url)
            text = decode(answer.body, answer.content_type).text
            if flavour(text) == "page":
                if self._is_closed(joined_if_valid(answer.url, sends_on_to(text))):
                    return None
                self.page, self.linked = answer.url, tuple(closed_sites_linked(text))
                self._note(not_a_feed(text))
                return _Page(answer.url, text)
            feed = await self._read(answer, Candidate(url=url, how=How.ITSELF))
            self.feeds += [feed] if feed else []
            return None if feed else _Page(answer.url)

    async def _try_all(self, group: Sequence[Candidate]) -> None:
        """Try what a page names, all of it; of the usual places, until there is a feed."""
        wanted = [candidate for candidate in group if candidate.url not in self.tried]
        self.waiting += [candidate.url for candidate in wanted]
        for candidate in wanted:
            if len(self.tried) >= MOST_TRIED:
                return
            self.tried.add(candidate.url)
            async with self.reader.fetcher.opened(candidate.url) as answer:
                feed = await self._read(answer, candidate)
            self.waiting.remove(candidate.url)
            self.feeds += [feed] if feed else []
            is_busy = isinstance(answer, Failed) and answer.kind is Failure.BUSY
            if is_busy or (feed and candidate.how is How.WELL_KNOWN):
                self.waiting.clear()
                return

    async def _read(self, answer: Answer, candidate: Candidate) -> FoundFeed | None:
        """Return the feed in an answer; note what it is instead, if it was said to be one."""
        if not isinstance(answer, Fetched):
            self._note(answer, candidate)
            return None
        host = urlsplit(answer.url).hostname or "new"
        nobody = Organisation(id="new", name=host, url=f"https://{host}", languages=())
        read = await self.reader.read(answer, candidate.url, nobody)
        if not isinstance(read, ReadFeed):
            self._note(read, candidate)
            return None
        return FoundFeed(
            url=_lasting_address(answer, candidate),
            format=read.format,
            title=read.title or candidate.title,
            site=self._site(read.link, answer.url, candidate.url),
            how=candidate.how,
            kind=FeedKind.CALENDAR if read.format == "ical" else FeedKind.NEWS,
            items=tuple(replace(item, organisation_id=None) for item in read.latest),
            warnings=read.warnings,
        )

    def _site(self, link: str, answered_at: str, asked: str) -> str:
        """Return the member's site: what the feed says it is, if that is a host that answers."""
        answering = {host_of(answered_at), host_of(self.page)}
        is_left = host_of(link) == host_of(asked)  # the domain that sent us on
        if host_of(link) in answering or ("." in host_of(link) and not self.page and not is_left):
            return link
        return self.page or site_of(answered_at)

    def _is_closed(self, url: str) -> bool:
        name = closed_site(url)
        if name:
            self.reason = f"{name} shows its pages only to people who log in, and has no feeds"
            self.hint = KEEP_THEM
        return bool(name)

    def _note(
        self, seen: Answer | Unreadable | ParserLost, candidate: Candidate | None = None
    ) -> None:
        """Remember why there is no feed yet: what the address itself said, or a page's own link."""
        is_named = candidate is not None and candidate.how is How.LINK_ELEMENT
        if candidate is not None and candidate.how in (How.LINK, How.WELL_KNOWN):
            return
        result, detail = _seen(seen, self.reader.clock())
        if candidate is not None and is_named:
            detail = f"the page names {candidate.url}, but there: {detail}"
        elif result is FeedResult.NOT_A_FEED and self.page:
            detail = "the page names none, and none is at the usual addresses"
        if self.reason and not is_named:
            return  # http:// after https:// says no more
        self.reason, self.hint = detail, ASK_THEM
        if result in MENDABLE:
            self.hint = f"for the member: {FIXES[result]}"
        elif self.linked:
            self.hint += f". If their news is only on {' and '.join(self.linked)}, {KEEP_THEM}"
        if result in CLOSED_TO_US:
            self.hint += f" If they cannot, {KEEP_THEM}"


def _seen(seen: Answer | Unreadable | ParserLost, now: datetime) -> tuple[FeedResult, str]:
    """Return what came instead of a feed, as a pull would say it."""
    if isinstance(seen, Failed):
        state = feed_state.after_failed(_UNKNOWN, seen, now)
    elif isinstance(seen, Unreadable):
        state = feed_state.after_unreadable(_UNKNOWN, seen, now)
    elif isinstance(seen, ParserLost):
        return FeedResult.BROKEN, seen.reason
    else:
        return FeedResult.ERROR, "an unexpected answer"
    return state.result, state.detail


def _groups(page: _Page) -> list[list[Candidate]]:
    """Link elements, then links, then well-known places: each group only if the last failed."""
    named = candidates(page.text, page.url) if page.text else []
    return [
        [candidate for candidate in named if candidate.how is How.LINK_ELEMENT],
        [candidate for candidate in named if candidate.how is How.LINK],
        well_known(page.url),
    ]


def _lasting_address(answer: Fetched, candidate: Candidate) -> str:
    """Where all-permanent redirects led, else the address itself."""
    if answer.hops and all(hop.is_permanent for hop in answer.hops):
        return answer.url
    return candidate.url
