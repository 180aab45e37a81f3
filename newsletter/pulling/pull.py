"""[I/O] `pull`: ask each feed that is due once, keep what is new, say how each went."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from newsletter.model.organisation import Feed, Organisation
from newsletter.model.pulling import FeedOutcome, FeedResult, FeedState, PullReport, Recording
from newsletter.pulling import article_pages, judge
from newsletter.pulling.article_pages import Completed
from newsletter.pulling.fetch.answers import Answer, Failed, Fetched, NotModified
from newsletter.pulling.items.diff import diff_items
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost
from newsletter.pulling.ports import FeedStore, Fetching, ItemStore, Reading
from newsletter.pulling.reading import ReadFeed, ReadJob
from newsletter.pulling.task_group import task_group

AT_ONCE = 48  # hosts asked at the same time
BATCH = 64  # states of feeds without news, saved together
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class PullParts:
    """What a pull works with. `clock` gives the moment; `advance` hears of each finished feed."""

    feeds: FeedStore
    items: ItemStore
    fetcher: AbstractAsyncContextManager[Fetching]
    readers: AbstractAsyncContextManager[Reading]
    clock: Callable[[], datetime]
    timezone: str = "UTC"
    advance: Callable[[], None] = lambda: None


def pull(
    organisations: Sequence[Organisation],
    parts: PullParts,
    *,
    only: frozenset[str] = frozenset(),
    even_if_not_due: bool = False,
) -> PullReport:
    """Pull every feed that is due, or those of the organisations in `only`, due or not."""
    started = parts.clock()
    wanted = [
        (organisation, feed)
        for organisation in organisations
        if not only or organisation.id in only
        for feed in organisation.feeds
    ]
    with ThreadPoolExecutor(1, thread_name_prefix="store") as writer:
        run = _Pull(parts, writer, even_if_not_due=even_if_not_due or bool(only))
        outcomes = asyncio.run(run.all(wanted))
    return PullReport(outcomes=outcomes, started_at=started, finished_at=parts.clock())


class _Pull:
    """One run. The event loop fetches, the workers read, one thread writes."""

    def __init__(
        self, parts: PullParts, writer: ThreadPoolExecutor, *, even_if_not_due: bool
    ) -> None:
        self._parts = parts
        self._writer = writer
        self._even_if_not_due = even_if_not_due
        self._states: dict[str, FeedState] = {}
        self._blocked: dict[str, datetime] = {}
        self._quiet: list[FeedState] = []

    async def all(self, wanted: Sequence[tuple[Organisation, Feed]]) -> tuple[FeedOutcome, ...]:
        self._states = await self._stored(self._parts.feeds.states)
        self._blocked = await self._stored(self._parts.feeds.blocked_hosts, self._parts.clock())
        by_host: defaultdict[str, list[int]] = defaultdict(list)
        for index, (_, feed) in enumerate(wanted):
            by_host[urlsplit(feed.url).hostname or ""].append(index)
        # Hosts with many feeds first: their pauses decide when the pull ends.
        hosts = iter(sorted(by_host.items(), key=lambda host: -len(host[1])))
        outcomes: dict[int, FeedOutcome] = {}

        async def ask_hosts() -> None:
            for name, indexes in hosts:
                for index in indexes:
                    outcomes[index] = await self._one(name, *wanted[index])
                    self._parts.advance()

        async with self._parts.fetcher as self._fetcher, self._parts.readers as self._readers:
            async with task_group() as tasks:
                for _ in range(min(AT_ONCE, len(by_host))):
                    tasks.create_task(ask_hosts())
            await self._save_quiet()
        return tuple(outcomes[index] for index in range(len(wanted)))

    async def _one(self, host: str, organisation: Organisation, feed: Feed) -> FeedOutcome:
        now = self._parts.clock()
        state = self._states.get(feed.url) or FeedState(
            url=feed.url, organisation_id=organisation.id
        )
        state = replace(state, organisation_id=organisation.id)
        waiting = self._not_now(host, feed, state, now)
        if waiting is not None:
            return waiting
        sent = judge.conditional_headers(state, now)
        async with self._fetcher.opened(feed.url, headers=sent) as answer:
            if isinstance(answer, NotModified) and not sent:
                outcome = await self._quietly(judge.not_asked_for(state, now))
            else:
                outcome = await self._settle(organisation, feed, state, answer)
        return replace(outcome, seconds=round((self._parts.clock() - now).total_seconds(), 3))

    def _not_now(
        self, host: str, feed: Feed, state: FeedState, now: datetime
    ) -> FeedOutcome | None:
        if feed.paused:
            return _outcome(state, FeedResult.PAUSED, "paused in feeds.yaml")
        until = self._blocked.get(host)
        if until is not None and judge.is_waiting(until, now):
            return _outcome(
                state,
                FeedResult.WAITING,
                f"its host asked us to wait until {until:%Y-%m-%d %H:%M} UTC",
            )
        if self._even_if_not_due:
            return None
        if state.gone_at is not None:
            return _outcome(
                state, FeedResult.GONE, f"gone since {state.gone_at:%Y-%m-%d}; no longer asked"
            )
        if judge.is_due(state, now):
            return None
        return _outcome(state, FeedResult.WAITING, f"due {state.next_due_at:%Y-%m-%d %H:%M} UTC")

    async def _settle(
        self, organisation: Organisation, feed: Feed, state: FeedState, answer: Answer
    ) -> FeedOutcome:
        now = self._parts.clock()
        if isinstance(answer, NotModified):
            return await self._quietly(judge.not_modified(state, answer, now))
        if isinstance(answer, Failed):
            await self._leave_alone(answer)
            return await self._quietly(judge.no_answer(state, answer, now))
        body_sha256 = judge.body_hash(answer.body)
        if body_sha256 == state.body_sha256 and not judge.is_to_be_read_anew(state, now):
            return await self._quietly(judge.same_bytes(state, answer, now))
        found = await self._readers.run(
            ReadJob(
                body=answer.body,
                content_type=answer.headers.get("content-type", ""),
                url=answer.url,
                feed_url=feed.url,
                organisation=organisation,
                now=now,
                timezone=self._parts.timezone,
            )
        )
        if isinstance(found, ParserLost):
            return await self._quietly(judge.failed(state, FeedResult.BROKEN, found.reason, now))
        if isinstance(found, Unreadable):
            return await self._quietly(judge.unreadable(state, found, now))
        found, pages = await self._with_pages(organisation, state, found, now)
        outcome = await self._stored(self._keep, state, answer, body_sha256, found, now)
        return replace(outcome, pages=len(pages.items), pages_without=pages.without)

    async def _with_pages(
        self, organisation: Organisation, state: FeedState, found: ReadFeed, now: datetime
    ) -> tuple[ReadFeed, Completed]:
        """New entries with the words of their own pages, for members whose terms let us.

        Before anything is stored: what is known is not asked for again, were we killed here.
        """
        if not organisation.terms.pages:
            return found, Completed()
        keys = [key for _, keys in found.items for key in keys]
        arrivals = diff_items(
            found.items,
            await self._stored(self._parts.items.known, organisation.id, keys),
            taken_ids=frozenset(),
            is_first_import=state.first_pulled_at is None,
            now=now,
        )
        short = article_pages.wanted(organisation, (*arrivals.new, *arrivals.edited))
        done = await article_pages.complete(organisation, short, self._fetcher, self._readers)
        if done.busy is not None:
            await self._leave_alone(done.busy)
        return article_pages.with_words(found, done), done

    def _keep(
        self,
        state: FeedState,
        answer: Fetched,
        body_sha256: str,
        found: ReadFeed,
        now: datetime,
    ) -> FeedOutcome:
        """In the store's thread: compare with what is known, and write the feed whole."""

        def decide(known: Mapping[str, tuple[str, str]], taken: frozenset[str]) -> Recording:
            arrivals = diff_items(
                found.items,
                known,
                taken_ids=taken,
                is_first_import=state.first_pulled_at is None,
                now=now,
            )
            quiet = FeedResult.UNCHANGED if found.items else FeedResult.NO_ENTRIES
            return Recording(
                state=judge.read_well(
                    _described(state, found),
                    answer,
                    body_sha256=body_sha256,
                    result=FeedResult.NEW if arrivals.new or arrivals.edited else quiet,
                    now=now,
                ),
                new=arrivals.new,
                edited=arrivals.edited,
                keys=arrivals.keys,
                present=arrivals.present | {known[key][0] for key in found.later if key in known},
                until=found.until,
            )

        done = self._parts.items.record(
            state.organisation_id,
            [*(key for _, keys in found.items for key in keys), *found.later],
            [item.id for item, _ in found.items],
            decide,
            now,
        )
        outcome = _outcome(done.state, done.state.result, done.state.detail, now=now)
        return replace(
            outcome, new=len(done.new), changed=len(done.edited), withdrawn=len(done.withdrawn)
        )

    async def _leave_alone(self, answer: Failed) -> None:
        """Its host, for as long as it asked for."""
        host = urlsplit(answer.url).hostname or ""
        now = self._parts.clock()
        until = judge.host_wait(answer, now)
        if until is not None:
            self._blocked[host] = until
            await self._stored(self._parts.feeds.block_host, host, until)

    async def _quietly(self, state: FeedState) -> FeedOutcome:
        """A feed without news: its state is saved with others'."""
        self._quiet.append(state)
        if len(self._quiet) >= BATCH:
            await self._save_quiet()
        return _outcome(state, state.result, state.detail, now=self._parts.clock())

    async def _save_quiet(self) -> None:
        states, self._quiet = self._quiet, []
        if states:
            await self._stored(self._parts.feeds.save, states)

    async def _stored(self, call: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._writer, call, *arguments)


def _described(state: FeedState, found: ReadFeed) -> FeedState:
    dates = [item.published_at for item, _ in found.items if item.published_at is not None]
    return replace(
        state,
        title=found.title,
        link=found.link,
        format=found.format,
        warnings=found.warnings,
        entries=len(found.items),
        newest_entry_at=max(dates) if dates else None,
        period=found.period,
        skip_hours=tuple(sorted(found.skip_hours)),
        skip_days=tuple(sorted(found.skip_days)),
    )


def _outcome(
    state: FeedState, result: FeedResult, detail: str, *, now: datetime | None = None
) -> FeedOutcome:
    is_ripe = now is not None and judge.is_move_ripe(state, now)
    return FeedOutcome(
        organisation_id=state.organisation_id,
        feed_url=state.url,
        result=result,
        detail=detail,
        warnings=state.warnings if result.is_success else (),
        moved_to=state.moved_to if is_ripe else "",
    )
