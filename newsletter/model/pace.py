"""How fast mail may leave: one pace for all connections and machines of a send."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_BURST = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slots:
    """How many may leave now, when the next one is due, and in how many seconds to ask again."""

    allowed: int
    next_at: datetime
    wait: float


def take_slots(rate: float, next_at: datetime | None, now: datetime, want: int) -> Slots:
    """Return up to `want` slots at `rate` a second (the generic cell rate algorithm).

    A second's worth may be caught up with, never more: a pause is not repaid in a burst. A
    `next_at` far ahead means that the clock was set back, and starts again.
    """
    step = timedelta(seconds=1 / rate)
    if next_at is None or next_at > now + step + _BURST:
        next_at = now
    next_at = max(next_at, now - max(_BURST - step, timedelta()))
    due = 0 if next_at > now else int((now - next_at) / step) + 1
    allowed = min(want, due)
    next_at += step * allowed
    return Slots(allowed=allowed, next_at=next_at, wait=max((next_at - now).total_seconds(), 0.0))
