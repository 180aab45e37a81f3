"""[I/O] The hosts that one pull alone asks: two that run at once never ask the same one twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from newsletter.errors import StoreError
from newsletter.model.ledger import Process
from newsletter.model.pulling import HostClaim, PullStart
from newsletter.pulling.ports import FeedStore

LENGTH = timedelta(seconds=90)  # how long the hosts of a machine that broke down are left alone
EVERY = LENGTH / 3
CLAIMED_AHEAD = timedelta(minutes=5)  # a claim from further ahead keeps nobody from a host


class HeldHosts:
    """Hosts that a pull claims, holds for as long as it runs, and lets go of at its end.

    A process that was stopped for longer than `LENGTH` and goes on has lost them to whoever asked
    for them meanwhile: it asks none of them any more, and what it had open is not written.
    """

    def __init__(
        self,
        feeds: FeedStore,
        clock: Callable[[], datetime],
        process: Process,
        is_gone: Callable[[Process], bool | None],
        in_store: Callable[..., Awaitable[Any]],
    ) -> None:
        self.by = uuid4().hex
        self._feeds = feeds
        self._clock = clock
        self._process = process
        self._is_gone = is_gone
        self._in_store = in_store
        self._held: frozenset[str] = frozenset()
        self._until = clock()

    def __contains__(self, host: str) -> bool:
        return host in self._held

    async def still(self, host: str) -> bool:
        """Return whether it is this pull's; where the claim has run out, as in a sleep, by what the
        database says. StoreError."""
        if self._clock() >= self._until:
            await self._renew()
        return host in self._held

    def claim(self, hosts: Collection[str]) -> PullStart:
        """Claim them, and read what is known then."""
        now = self._clock()
        claim = HostClaim(
            by=self.by, process=self._process, until=now + LENGTH, longest=longest(now)
        )
        start = self._feeds.begin(hosts, claim, now=now, is_gone=self._is_gone)
        self._held, self._until = start.held, claim.until
        return start

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Say again and again that this pull is at work; let go of them at the end."""
        renewing = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(StoreError):  # then they end by themselves
                await self._in_store(self._feeds.release, self.by)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            with suppress(StoreError):  # while it is away nobody else claims them either
                await self._renew()

    async def _renew(self) -> None:
        until = self._clock() + LENGTH
        self._held = await self._in_store(partial(self._feeds.renew, self.by, until=until))
        self._until = until


def longest(now: datetime) -> datetime:
    """Return the last moment that a claim of now can be for, whosever clock it was."""
    return now + LENGTH + CLAIMED_AHEAD
