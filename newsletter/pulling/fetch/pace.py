"""[I/O] Turns: one request at a time to a host, with pauses between, few large bodies at once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from contextlib import AbstractAsyncContextManager, asynccontextmanager


class HostPace:
    """Turns per host. `pause` in seconds lies between the end of a request and the next one."""

    def __init__(self, pause: float) -> None:
        self._pause = pause
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._free_at: dict[str, float] = {}

    async def ready(self, host: str) -> None:
        """Wait out the pause, before anything scarcer is taken."""
        wait = self._free_at.get(host, 0.0) - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Hold the host's only turn."""
        async with self._locks[host]:
            await self.ready(host)
            try:
                yield
            finally:
                self._free_at[host] = asyncio.get_running_loop().time() + self._pause


class Turn:
    """One fetch's deadline, and its place among the few large bodies that are in memory at once."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places
        self._is_taken = False
        self.deadline: asyncio.Timeout | None = None

    async def take(self) -> None:
        """Wait for a place among the large bodies, off the clock."""
        if not self._is_taken:
            await self._waited(self._places.acquire())
            self._is_taken = True

    def give_back(self) -> None:
        """Free the place."""
        if self._is_taken:
            self._places.release()
            self._is_taken = False

    @asynccontextmanager
    async def clock_stopped(self, turn: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        """Wait for the host's turn off the clock: that wait is ours, not the server's."""
        await self._waited(turn.__aenter__())
        try:
            yield
        finally:
            await turn.__aexit__(None, None, None)

    async def _waited(self, waiting: Awaitable[object]) -> None:
        clock = asyncio.get_running_loop().time
        started = clock()
        when = self.deadline.when() if self.deadline else None
        if self.deadline and when is not None:
            self.deadline.reschedule(None)
        await waiting
        if self.deadline and when is not None:
            self.deadline.reschedule(when + clock() - started)
