"""How often workers look, and how long one is waited for."""

from dataclasses import dataclass
from datetime import timedelta

from newsletter.model.silence import WORKER_STALLED

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120))  # after a service failed
HELD = timedelta(hours=1)  # what failed for good is not found due again before
MOST_LOST = 10  # times that a worker ended in the middle of a run: then it is not begun again


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """`stalled` is longer than a sender's lease: a dead one is over when others go on."""

    tick: timedelta = timedelta(minutes=1)
    beat: timedelta = timedelta(seconds=10)
    rescue: timedelta = timedelta(seconds=30)
    stalled: timedelta = WORKER_STALLED
    poll: timedelta = timedelta(seconds=2)  # without a server
    fetch: timedelta = timedelta(seconds=5)  # with one, which also says at once what is new
    rest: timedelta = timedelta(minutes=1)  # without work: then a worker begins anew
    pauses: tuple[timedelta, ...] = PAUSES
