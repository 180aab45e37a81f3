"""[I/O] Being asked to end, by a signal."""

import time

_STEP = 0.1  # seconds until a waiting thread notices


class StopSignal:
    """`ask` is safe in a signal handler.

    The lock of a `threading.Event` may be held by the very code that the signal interrupts, which
    then never goes on.
    """

    def __init__(self) -> None:
        self._asked = False
        self._for_all = False

    @property
    def is_asked(self) -> bool:
        """Return whether to begin nothing new."""
        return self._asked

    @property
    def is_for_all(self) -> bool:
        """Return whether nobody else is to go on by itself either."""
        return self._for_all

    def ask(self, *, for_all: bool = False) -> None:
        """Ask to end soon; `for_all`, as somebody who presses Ctrl-C means it."""
        self._for_all = self._for_all or for_all
        self._asked = True

    def wait(self, seconds: float) -> None:
        """Wait that long, or until a moment after `ask`."""
        end = time.monotonic() + seconds
        while not self._asked and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, _STEP))
