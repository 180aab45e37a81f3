"""[I/O] One run of `pull`: the event loop fetches, the workers read, one thread writes."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.model.answer import Answer, Failed, Fetched, NotModified
from newsletter.model.ledger import Process
from newsletter.model.organisation import Feed, Organisation
from newsletter.model.pulling import (
    FeedOutcome,
    FeedResult,
    FeedState,
    KnownItem,
    Recording,
    host_of_feed,
)
from newsletter.pulling import feed_state
from newsletter.pulling.article_pages import Completed, complete
from newsletter.pulling.feed_outcome import outcome_of, skipped
from newsletter.pulling.feed_reader import FeedReader
from newsletter.pulling.held_hosts import HeldHosts
from newsletter.pulling.items.diff import diff_items
from newsletter.pulling.mailed_pages import ask_pages, to_ask
from newsletter.pulling.mailed_pieces import MailedPieces
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost
from newsletter.pulling.ports import FeedStore, ItemStore
from newsletter.pulling.reading import ReadFeed
from newsletter.pulling.sleep_watch import SleepWatch
from newsletter.pulling.store_thread import StoreThread
from newsletter.pulling.task_group import task_group

AT_ONCE = 48  # hosts asked at the same time
SLEPT = "this computer slept meanwhile"
BATCH = 64  # states of feeds without news, saved together


@dataclass(frozen=True, kw_only=True, slots=True)
class PullParts(FeedReader):
    """What a pull works with. `advance` is called after each feed; `is_gone` says whether a process
    of this machine has ended."""

    feeds: FeedStore
    items: ItemStore
    process: Process
    is_gone: Callable[[Process], bool | None]
    advance: Callable[[], None] = lambda: None


class PullRun:
    """Asks the hosts that are its own, many at a time, one feed of each after the other."""

    def __init__(
        self, parts: PullParts, writer: ThreadPoolExecutor, *, even_if_not_due: bool
    ) -> None:
        self._parts = parts
        self._store = StoreThread(writer)
        self._even_if_not_due = even_if_not_due
        self._states: Mapping[str, FeedState] = {}
        self._blocked: dict[str, datetime] = {}
        self._unsaved: list[FeedState] = []
        self._mailed = MailedPieces()
        self._sleep = SleepWatch(parts.clock)
        self._held = HeldHosts(
            parts.feeds, parts.clock, parts.process, parts.is_gone, self._store.call_once
        )

    async def pull_all(
        self, wanted: Sequence[tuple[Organisation, Feed]], mailed: frozenset[str]
    ) -> tuple[FeedOutcome, ...]:
        by_host: defaultdict[str, list[int]] = defaultdict(list)
        for index, (_, feed) in enumerate(wanted):
            by_host[host_of_feed(feed.url)].append(index)
        start = await self._store.call_once(self._held.claim, by_host.keys())
        self._states, self._blocked = start.states, dict(start.blocked)
        async with self._held.kept(), self._sleep.watching():
            return await self._pull_claimed(wanted, by_host, mailed)

    async def _pull_claimed(
        self,
        wanted: Sequence[tuple[Organisation, Feed]],
        by_host: Mapping[str, Sequence[int]],
        mailed: frozenset[str],
    ) -> tuple[FeedOutcome, ...]:
        if mailed:
            items = await self._store.call(self._parts.items.get, mailed)
            self._mailed = MailedPieces(items.values(), self._states)
        # Hosts with many feeds first: their pauses decide when the pull ends.
        hosts = iter(sorted(by_host.items(), key=lambda host: -len(host[1])))
        outcomes: dict[int, FeedOutcome] = {}

        async def ask_hosts() -> None:
            for host, indexes in hosts:
                for index in indexes:
                    outcomes[index] = await self._pull_feed(host, *wanted[index])
                    self._parts.advance()

        async with task_group() as tasks:
            for _ in range(min(AT_ONCE, len(by_host))):
                tasks.create_task(ask_hosts())
        await self._save_states()
        if self._mailed.ids:
            asked = (one for one in outcomes.values() if host_of_feed(one.feed_url) in self._held)
            await self._ask_mailed({one.feed_url: one.result for one in asked})
        return tuple(outcomes[index] for index in range(len(wanted)))

    async def _ask_mailed(self, feeds: Mapping[str, FeedResult]) -> None:
        """Ask the pages of what was mailed and is listed no more; keep what they answer."""
        store, now = self._parts.items, self._parts.clock()
        items = await self._store.call(store.get, self._mailed.ids)
        pages = to_ask(items.values(), feeds, self._blocked, now)
        if not pages:
            return
        asked = await ask_pages(pages, self._parts.fetcher, now)
        for answer in asked.busy:
            await self._block_host(answer)
        await self._store.call(store.withdraw, asked.gone, now)
        await self._store.call(store.withdraw, asked.back, None)
        await self._store.call(store.note_pages, asked.pages)

    async def _pull_feed(self, host: str, organisation: Organisation, feed: Feed) -> FeedOutcome:
        now = self._parts.clock()
        state = self._states.get(feed.url) or FeedState(
            url=feed.url, organisation_id=organisation.id
        )
        state = replace(state, organisation_id=organisation.id)
        until, is_forced = self._blocked.get(host), self._even_if_not_due
        if reason := skipped(feed, state, until, now, even_if_not_due=is_forced):
            return reason
        await self._parts.fetcher.ready(feed.url)  # a pause is long enough to lose the host in
        if not await self._held.still(host):
            return outcome_of(state, FeedResult.WAITING, "another pull is asking its host now")
        now = self._parts.clock()
        is_whole = self._mailed.wants_reading(feed.url)
        headers = {} if is_whole else feed_state.conditional_headers(state, now)
        moved_to = "" if state.move_refused else state.moved_to
        async with self._parts.asked(feed.url, headers, moved_to=moved_to) as answer:
            if isinstance(answer, Failed) and not answer.status and self._sleep.woke_since(now):
                outcome = outcome_of(state, FeedResult.WAITING, SLEPT)
            elif isinstance(answer, NotModified) and not headers:
                detail = 'answered "304 not modified" though we asked for the whole feed'
                outcome = await self._no_news(
                    feed_state.after_failure(state, FeedResult.ERROR, detail, now)
                )
            else:
                outcome = await self._take_answer(organisation, feed, state, answer)
        return replace(outcome, seconds=round((self._parts.clock() - now).total_seconds(), 3))

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
        is_to_read = self._mailed.wants_reading(feed.url) or feed_state.needs_rereading(state, now)
        if body_sha256 == state.body_sha256 and not is_to_read:
            return await self._no_news(feed_state.after_unchanged(state, answer, now))
        read = await self._parts.read(answer, feed.url, organisation)
        if isinstance(read, ParserLost) and self._sleep.woke_since(now):
            return outcome_of(state, FeedResult.WAITING, SLEPT)
        if isinstance(read, ParserLost):
            broken = feed_state.after_failure(state, FeedResult.BROKEN, read.reason, now)
            return await self._no_news(broken)
        if isinstance(read, Unreadable):
            return await self._no_news(feed_state.after_unreadable(state, read, now))
        read, pages = await self._with_pages(organisation, state, answer, read, now)
        outcome = await self._store.call(self._record, state, answer, body_sha256, read, now)
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
            await self._store.call(self._parts.items.known, organisation.id, read.keys),
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
                mailed=self._mailed.among(state.url, diff.present),
            )

        recorded = self._parts.items.record(
            state.organisation_id,
            read.keys,
            [item.id for item, _ in read.items],
            decide,
            now,
            held=(state.host, self._held.by),
        )
        if recorded is None:
            return outcome_of(state, FeedResult.WAITING, "another pull asked it meanwhile")
        outcome = outcome_of(recorded.state, recorded.state.result, recorded.state.detail, now=now)
        return replace(
            outcome,
            new=len(recorded.new),
            changed=len(recorded.edited),
            withdrawn=len(recorded.withdrawn),
        )

    async def _block_host(self, answer: Failed) -> None:
        """Leave the answer's host alone for as long as it asked for."""
        host = host_of_feed(answer.url)
        until = feed_state.host_blocked_until(answer, self._parts.clock())
        if until is not None:
            self._blocked[host] = until
            await self._store.call(self._parts.feeds.block_host, host, until)

    async def _no_news(self, state: FeedState) -> FeedOutcome:
        """A feed without news: its state is saved together with others'."""
        self._unsaved.append(state)
        if len(self._unsaved) >= BATCH:
            await self._save_states()
        return outcome_of(state, state.result, state.detail, now=self._parts.clock())

    async def _save_states(self) -> None:
        states, self._unsaved = self._unsaved, []
        if states:
            await self._store.call(self._parts.feeds.save_held, states, self._held.by)
