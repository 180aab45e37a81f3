"""[I/O] How long a calendar's rules may take: one that never comes to its day ends alone."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from newsletter.system import HAS_TIMERS


class TooLongError(Exception):
    """A rule took longer than its share."""


@dataclass(slots=True)
class Patience:
    """Seconds of computing that are left for one calendar, of the 20 that a feed may take."""

    seconds: float = 6.0

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Raise TooLongError in what takes longer than a quarter of what is left, so that however
        many are too slow, there is some for the others. Only the main thread can be
        interrupted: that of a worker is. Nor can any on Windows: there the pool ends the worker."""
        if not HAS_TIMERS or threading.current_thread() is not threading.main_thread():
            yield
            return
        share = self.seconds / 4
        before = signal.signal(signal.SIGVTALRM, _raise)
        signal.setitimer(signal.ITIMER_VIRTUAL, share)
        try:
            yield
        finally:
            rest, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
            self.seconds -= share - rest


def _raise(_number: int, _frame: FrameType | None) -> None:
    raise TooLongError
