"""[I/O] The one thread in which a pull reads and writes what is stored."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar

from newsletter.errors import AwayError

Result = TypeVar("Result")
PATIENCE = 60.0  # seconds for which a database may be away
_PAUSE = 0.5


class StoreThread:
    """Calls the store for the event loop, one call at a time."""

    def __init__(self, thread: Executor) -> None:
        self._thread = thread

    async def call_once(self, call: Callable[..., Result], *arguments: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *arguments)

    async def call(self, call: Callable[..., Result], *arguments: Any) -> Result:
        """Do so again and again for a while where the database is away: what a pull has asked is
        not to be asked once more because that was restarted. AwayError in the end."""
        clock = asyncio.get_running_loop().time
        ends = clock() + PATIENCE
        while True:
            try:
                return await self.call_once(call, *arguments)
            except AwayError:
                if clock() >= ends:
                    raise
            await asyncio.sleep(_PAUSE)
