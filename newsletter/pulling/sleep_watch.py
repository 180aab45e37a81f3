"""[I/O] Notices that this process stood still: stopped, or its computer asleep."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

_STEP = 1.0  # seconds
_LONGEST = timedelta(seconds=10)  # a busy machine is that late, and nobody need have been asleep


class SleepWatch:
    """Looks at the clock each second: where it jumped, what others did meanwhile was not seen, and
    an answer that did not come in time is no fault of theirs."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._looked_at = clock()
        self._woke_at: datetime | None = None

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look, for as long as the block runs."""
        self._looked_at = self._clock()
        looking = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            looking.cancel()

    def woke_since(self, moment: datetime) -> bool:
        """Return whether it stood still, and goes on since that moment or a later one."""
        self._look()
        return self._woke_at is not None and self._woke_at >= moment

    async def _look_on(self) -> None:
        while True:
            self._look()
            await asyncio.sleep(_STEP)

    def _look(self) -> None:
        now = self._clock()
        if now - self._looked_at > _LONGEST:
            self._woke_at = now
        self._looked_at = now
