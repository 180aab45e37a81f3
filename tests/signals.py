"""Signals as they come when the machine is busy."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def signalled_beside(handler: Callable[[], None], after: float) -> Iterator[None]:
    """A signal that another thread gets: nothing wakes the main one, as when it is about to wait.

    Whoever waits there without end never runs the handler, though the signal came.
    """
    before = signal.signal(signal.SIGUSR1, lambda number, frame: handler())

    def send() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    timer = threading.Timer(after, send)
    timer.start()
    try:
        yield
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
