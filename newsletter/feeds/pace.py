"""One request at a time to a host, and a pause between two: polite to small sites."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


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
