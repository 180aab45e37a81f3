"""[I/O] `pull`: ask each feed that is due once, keep what is new, say how each went."""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from newsletter.model.answer import Answer, Failed, Fetched, NotModified
from newsletter.model.organisation import Feed, Organisation
from newsletter.model.pulling import (
    FeedOutcome,
    FeedResult,
    FeedState,
    KnownItem,
    PullReport,
    Recording,
)
from newsletter.pulling import feed_state
from newsletter.pulling.article_pages import Completed, complete
from newsletter.pulling.feed_reader import FeedReader
from newsletter.pulling.items.diff import diff_items
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost
from newsletter.pulling.ports import FeedStore, ItemStore
from newsletter.pulling.reading import ReadFeed
from newsletter.pulling.task_group import task_group

AT_ONCE = 48  # hosts asked at the same time
BATCH = 64  # states of feeds without news, saved together
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class PullParts(FeedReader):
    """What a pull works with. `advance` is called after each feed."""

    feeds: FeedStore
    items: ItemStore
    advance: Callable[[], None] = lambda: None


def pull(
    organisations: Sequence[Organisation],
    parts: PullParts,
    *,
    only: frozenset[str] = frozenset(),
    even_if_not_due: bool = False,
) -> PullReport:
    """Pull every feed that is due, or those of the organisations in `only`, due or not.

    Return one outcome per feed, in the registry's order; a broken feed is an outcome, no error.
    """
    started = parts.clock()
    wanted = [
        (organisation, feed)
        for organisation in organisations
        if not only or organisation.id in only
        for feed in organisation.feeds
    ]
    with ThreadPoolExecutor(1, thread_name_prefix="store") as writer:
        run = _Pull(parts, writer, even_if_not_due=even_if_not_due or bool(only))
        outcomes = asyncio.run(run.pull_all(wanted))
    return PullReport(outcomes=outcomes, started_at=started, finished_at=parts.clock())


class _Pull:
    """One run. The event loop fetches, the workers read, one thread writes."""

    def __init__(
        self, parts: PullParts, writer: ThreadPoolExecutor, *, even_if_not_due: bool
    ) -> None:
        self._parts = parts
        self._writer = writer
        self._even_if_not_due = even_if_not_due
        self._states: Mapping[str, FeedState] = {}
        self._blocked: dict[str, datetime] = {}
        self._unsaved: list[FeedState] = []

    async def pull_all(
        self, wanted: Sequence[tuple[Organisation, Feed]]
    ) -> tuple[FeedOutcome, ...]:
        self._states = await self._in_store(self._parts.feeds.states)
        self._blocked = await self._in_store(self._parts.feeds.blocked_hosts, self._parts.clock())
        by_host: defaultdict[str, list[int]] = defaultdict(list)
        for index, (_, feed) in enumerate(wanted):
            by_host[urlsplit(feed.url).hostname or ""].append(index)
        # Hosts with many feeds first: their pauses decide when the pull ends.
        hosts = iter(sorted(by_host.items(), key=lambda host: -len(host[1])))
        outcomes: dict[int, FeedOutcome] = {}

        async def ask_hosts() -> None:
            for host, indexes in hosts:
                for index in indexes:
                    outcomes[index] = await self._pull_feed(host, *wanted[index])
                    self._parts.advance()

        async with self._parts.fetcher, self._parts.readers:
            async with task_group() as tasks:
                for _ in range(min(AT_ONCE, len(by_host))):
                    tasks.create_task(ask_hosts())
            await self._save_states()
        return tuple(outcomes[index] for index in range(len(wanted)))

    async def _pull_feed(self, host: str, organisation: Organisation, feed: Feed) -> FeedOutcome:
        now = self._parts.clock()
        state = self._states.get(feed.url) or FeedState(
            url=feed.url, organisation_id=organisation.id
        )
        state = replace(state, organisation_id=organisation.id)
        skipped = self._skipped(host, feed, state, now)
        if skipped is not None:
            return skipped
        headers = feed_state.conditional_headers(state, now)
        moved_to = "" if state.move_refused else state.moved_to
        async with self._parts.asked(feed.url, headers, moved_to=moved_to) as answer:
            if isinstance(answer, NotModified) and not headers:
                detail = 'answered "304 not modified" though we asked for the whole feed'
                outcome = await self._no_news(
                    feed_state.after_failure(state, FeedResult.ERROR, detail, now)
                )
            else:
                outcome = await self._take_answer(organisation, feed, state, answer)
        return replace(outcome, seconds=round((self._parts.clock() - now).total_seconds(), 3))

    def _skipped(
        self, host: str, feed: Feed, state: FeedState, now: datetime
    ) -> FeedOutcome | None:
        """Why the feed is not asked now; None when it is."""
        if feed.paused:
            return _outcome(state, FeedResult.PAUSED, "paused in feeds.yaml")
        until = self._blocked.get(host)
        if until is not None and feed_state.is_host_blocked(until, now):
            return _outcome(
                state,
                FeedResult.WAITING,
                f"its host asked us to wait until {until:%Y-%m-%d %H:%M} UTC",
            )
        if self._even_if_not_due:
            return None
        if state.gone_at is not None:
            return _outcome(
                state, FeedResult.GONE, f"gone since {state.gone_at:%Y-%m-%d}; no longer checked"
            )
        if feed_state.is_due(state, now):
            return None
        return _outcome(state, FeedResult.WAITING, f"due {state.next_due_at:%Y-%m-%d %H:%M} UTC")

    async def _take_answer(
        self, organisation: Organisation, feed: Feed, state: FeedState, answer: Answer
    ) -> FeedOutcome:
        now = self._parts.clock()
        if isinstance(answer, NotModified):
            return await self._no_news(feed_state.after_unchanged(state, answer, now))
        if isinstance(answer, Failed):
            await self._block_host(answer)
            return await self._no_news(feed_state.after_failed(state, answer, now))
        body_sha256 = hashlib.sha256(answer.body).hexdigest()
        if body_sha256 == state.body_sha256 and not feed_state.needs_rereading(state, now):
            return await self._no_news(feed_state.after_unchanged(state, answer, now))
        read = await self._parts.read(answer, feed.url, organisation)
        if isinstance(read, ParserLost):
            broken = feed_state.after_failure(state, FeedResult.BROKEN, read.reason, now)
            return await self._no_news(broken)
        if isinstance(read, Unreadable):
            return await self._no_news(feed_state.after_unreadable(state, read, now))
        read, pages = await self._with_pages(organisation, state, answer, read, now)
        outcome = await self._in_store(self._record, state, answer, body_sha256, read, now)
        return replace(
            outcome,
            pages=len(pages.articles),
            pages_without=pages.without,
            pages_left_out=pages.left_out,
        )

    async def _with_pages(
        self,
        organisation: Organisation,
        state: FeedState,
        answer: Fetched,
        read: ReadFeed,
        now: datetime,
    ) -> tuple[ReadFeed, Completed]:
        """New entries with the words of their own pages, for members whose terms let us.

        Before anything is stored: what is known is not asked for again, were we killed here.
        """
        if not organisation.terms.pages:
            return read, Completed(articles={})
        diff = diff_items(
            read.items,
            await self._in_store(self._parts.items.known, organisation.id, read.keys),
            taken_ids=frozenset(),
            is_first_import=state.first_pulled_at is None,
            now=now,
        )
        arrived = (*diff.new, *diff.edited)
        moved = (state.url, answer.url)
        pages = await complete(organisation, arrived, self._parts, moved=moved)
        if pages.busy is not None:
            await self._block_host(pages.busy)
        items = (item._replace(item=pages.replacing(item.item)) for item in read.items)
        return replace(read, items=tuple(items)), pages

    def _record(
        self,
        state: FeedState,
        answer: Fetched,
        body_sha256: str,
        read: ReadFeed,
        now: datetime,
    ) -> FeedOutcome:
        """In the store's thread: compare with what is known, and write the feed whole."""

        def decide(known: Mapping[str, KnownItem], taken: frozenset[str]) -> Recording:
            diff = diff_items(
                read.items,
                known,
                taken_ids=taken,
                is_first_import=state.first_pulled_at is None,
                now=now,
                read_before=state.last_success_at,
            )
            no_news = FeedResult.UNCHANGED if read.items else FeedResult.NO_ENTRIES
            later = {known[key].item_id for key in read.later if key in known}
            return Recording(
                state=feed_state.after_reading(
                    state,
                    answer,
                    read,
                    body_sha256=body_sha256,
                    result=FeedResult.NEW if diff.new or diff.edited else no_news,
                    now=now,
                ),
                new=diff.new,
                edited=diff.edited,
                keys=diff.keys,
                present=diff.present | later,
                until=read.until,
            )

        recorded = self._parts.items.record(
            state.organisation_id, read.keys, [item.id for item, _ in read.items], decide, now
        )
        outcome = _outcome(recorded.state, recorded.state.result, recorded.state.detail, now=now)
        return replace(
            outcome,
            new=len(recorded.new),
            changed=len(recorded.edited),
            withdrawn=len(recorded.withdrawn),
        )

    async def _block_host(self, answer: Failed) -> None:
        """Leave the answer's host alone for as long as it asked for."""
        host = urlsplit(answer.url).hostname or ""
        until = feed_state.host_blocked_until(answer, self._parts.clock())
        if until is not None:
            self._blocked[host] = until
            await self._in_store(self._parts.feeds.block_host, host, until)

    async def _no_news(self, state: FeedState) -> FeedOutcome:
        """A feed without news: its state is saved together with others'."""
        self._unsaved.append(state)
        if len(self._unsaved) >= BATCH:
            await self._save_states()
        return _outcome(state, state.result, state.detail, now=self._parts.clock())

    async def _save_states(self) -> None:
        states, self._unsaved = self._unsaved, []
        if states:
            await self._in_store(self._parts.feeds.save, states)

    async def _in_store(self, call: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._writer, call, *arguments)


def _outcome(
    state: FeedState, result: FeedResult, detail: str, *, now: datetime | None = None
) -> FeedOutcome:
    is_ripe = now is not None and state.is_move_ripe(now)
    return FeedOutcome(
        organisation_id=state.organisation_id,
        feed_url=state.url,
        result=result,
        detail=detail,
        warnings=state.warnings if result.is_success else (),
        moved_to=state.moved_to if is_ripe else "",
    )
