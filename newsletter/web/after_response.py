"""What a page must not wait for: looking an address up and mailing it.

A page that took longer for an address it knows would tell who is on the list. So the page only
takes the request, and this does it later, in one thread, in order: when the answer has long left,
and at no moment that could be told from outside, for the work itself slows other answers down.
"""

import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newsletter.errors import NewsletterError, ServiceError
from newsletter.web.event_log import error_place

_log = logging.getLogger(__name__)

MOST_WAITING = 1000
_RANDOM = secrets.SystemRandom()
LATER = (1.0, 4.0)  # seconds, at least and at most
PAUSES = (5.0, 30.0, 120.0)  # seconds between tries while the mail server is gone


@dataclass(slots=True)
class Count:
    """How often something happened since the start."""

    value: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, more: int) -> None:
        """Add to it, whichever thread asks."""
        with self._lock:
            self.value += more


class AfterResponse:
    """Jobs done in order by one thread of its own, started when the first one comes."""

    def __init__(
        self, *, pauses: Sequence[float] = PAUSES, later: tuple[float, float] = LATER
    ) -> None:
        self._pauses, self._later = pauses, later
        self._jobs: queue.Queue[tuple[float, str, Callable[[], object]]] = queue.Queue(MOST_WAITING)
        self.given_up = Count()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._timers: dict[str, threading.Timer] = {}

    def do(self, job: Callable[[], object], what: str = "a request") -> bool:
        """Take the job, which the log calls `what`; False when too many wait already."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="later", daemon=True)
                self._thread.start()
        try:
            self._jobs.put_nowait((time.monotonic() + _RANDOM.uniform(*self._later), what, job))
        except queue.Full:
            return False
        return True

    def once_after(self, seconds: float, name: str, job: Callable[[], object]) -> None:
        """Do the job when that time has passed; not while one of that name waits, nor once
        stopped."""
        with self._lock:
            waiting = self._timers.get(name)
            if self._stopped.is_set() or (
                waiting is not None
                and waiting.is_alive()
                and waiting is not threading.current_thread()
            ):
                return
            timer = self._timers[name] = threading.Timer(seconds, self._try, (job, name))
            timer.daemon = True
            timer.start()

    @property
    def waiting(self) -> int:
        """Return how many jobs are not done yet, with the one that is being tried."""
        return self._jobs.unfinished_tasks

    def wait(self) -> None:
        """Wait until every job taken so far is done."""
        self._jobs.join()

    def stop(self) -> None:
        """Wait for no mail server any more; each job left is tried once."""
        self._stopped.set()
        with self._lock:
            for timer in self._timers.values():
                timer.cancel()
        self.wait()

    def _work(self) -> None:
        while True:
            begins, what, job = self._jobs.get()
            try:
                self._stopped.wait(max(0.0, begins - time.monotonic()))
                self._try(job, what)
            finally:
                del job  # it may hold a story, and the next one may be long in coming
                self._jobs.task_done()

    def _try(self, job: Callable[[], object], what: str) -> None:
        for pause in (*self._pauses, None):
            try:
                job()
            except ServiceError as error:
                if pause is None or self._stopped.wait(pause):
                    self._give_up(what, f"after several tries: {error.message}")
                    return
            except NewsletterError as error:
                self._give_up(what, error.message)
                return
            except Exception as error:
                # No traceback: its frames could name the person who asked.
                self._give_up(what, error_place(error))
                return
            else:
                return

    def _give_up(self, what: str, why: str) -> None:
        self.given_up.add(1)
        _log.error("gave up on %s: %s", what, why)
