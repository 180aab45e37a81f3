"""[I/O] What all pulls of a long-lived process share: one fetcher, and the processes that read."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # an idle worker has none of it in memory
    from newsletter.pulling.pull_run import PullParts

Result = TypeVar("Result")
IDLE_SECONDS = 60.0


class PullLoop:
    """An event loop in a thread of its own, begun with the first pull and ended when nobody pulled
    for a while: hosts' pauses hold between pulls, and a process that reads is started once."""

    def __init__(
        self, open_parts: Callable[[], "PullParts"], *, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._open_parts = open_parts
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._parts: Future[tuple[asyncio.AbstractEventLoop, PullParts]] | None = None
        self._users = 0
        self._last_used = 0.0

    def run(self, work: Callable[["PullParts"], Coroutine[Any, Any, Result]]) -> Result:
        """Run it there, with what is open; safe from any thread."""
        with self._lock:
            self._users += 1
            if self._parts is None:
                self._parts = Future()
                threading.Thread(
                    target=self._serve, args=(self._parts,), name="pulls", daemon=True
                ).start()
            opened = self._parts
        try:
            loop, parts = opened.result()
            return asyncio.run_coroutine_threadsafe(work(parts), loop).result()
        finally:
            with self._lock:
                self._users -= 1
                self._last_used = time.monotonic()

    def _serve(self, opened: "Future[tuple[asyncio.AbstractEventLoop, PullParts]]") -> None:
        try:
            asyncio.run(self._open(opened))
        except BaseException as error:
            with self._lock:
                self._parts = None
            if opened.done():
                raise
            opened.set_exception(error)

    async def _open(self, opened: "Future[tuple[asyncio.AbstractEventLoop, PullParts]]") -> None:
        parts = self._open_parts()
        async with parts.fetcher, parts.readers:
            opened.set_result((asyncio.get_running_loop(), parts))
            while not self._is_over():
                await asyncio.sleep(self._idle_seconds / 2)

    def _is_over(self) -> bool:
        with self._lock:
            is_idle = time.monotonic() - self._last_used >= self._idle_seconds
            if self._users or not is_idle:
                return False
            self._parts = None  # the next pull begins another one
            return True
