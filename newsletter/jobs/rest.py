"""[I/O] When a worker has been idle for long enough to begin anew, without what work has loaded."""

import threading
import time
from datetime import timedelta


class Rest:
    """It is over when something ran in this process and nothing did since for so long, nor is kept
    ready to run. Without a time it never is."""

    def __init__(self, length: timedelta | None, *, has_worked: bool) -> None:
        self._length = length
        self._has_worked = has_worked
        self._since = time.monotonic()

    def disturb(self) -> None:
        """Say that something begins or ends."""
        self._has_worked = True
        self._since = time.monotonic()

    def is_over(self, *, at_work: int) -> bool:
        """Return whether it is, where so many are at work."""
        if self._length is None or at_work or not self._has_worked:
            return False
        is_long = time.monotonic() - self._since >= self._length.total_seconds()
        return is_long and not any(thread.daemon for thread in threading.enumerate())  # pulls' loop


def never() -> Rest:
    """Return what is never over."""
    return Rest(None, has_worked=False)
