"""Being asked to end is heard at whatever moment the signal comes, and never hangs."""

import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from newsletter.sending.stop_signal import StopSignal
from tests.processes import PATIENCE


@pytest.fixture
def stop() -> Iterator[StopSignal]:
    asked = StopSignal()
    before = signal.signal(signal.SIGUSR1, lambda number, frame: asked.ask())
    yield asked
    signal.signal(signal.SIGUSR1, before)


def steps_of_a_wait(stop: StopSignal, seconds: float, signal_at: int = 0) -> int:
    """How many calls and returns a wait was; at the one of that number, the signal comes."""
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal steps
        steps += 1
        if steps == signal_at:
            signal.raise_signal(signal.SIGUSR1)

    sys.setprofile(count)
    try:
        stop.wait(seconds)
    finally:
        sys.setprofile(None)
    return steps


def test_a_signal_at_any_step_of_a_wait_ends_it(stop: StopSignal) -> None:
    """A lock that the wait holds at that step would never be given to the signal's handler."""
    for step in range(1, steps_of_a_wait(StopSignal(), 0.001)):
        stop._asked = False
        assert steps_of_a_wait(stop, 3600, signal_at=step) >= step
        assert stop.is_asked


def test_it_is_heard_by_other_threads(stop: StopSignal) -> None:
    waiting = threading.Thread(target=stop.wait, args=(2 * PATIENCE,), daemon=True)
    waiting.start()
    signal.raise_signal(signal.SIGUSR1)
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
