"""[I/O] Ceilings: which share of complaints and dead addresses pauses a send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.errors import AttentionError
from newsletter.model.delivery import DeliveryState
from newsletter.sending.ports import SendLedger

LOOK_EVERY = timedelta(seconds=30)  # for bounces and complaints, which others read
LOOK_AFTER = (
    200  # answers of this run, and later a twentieth of all: a fast relay takes a list in less
)
# A share of a few people says nothing: one of 300 is above any of these.
FEWEST_COMPLAINTS = 3
FEWEST_DEAD = 20
_LEFT = (
    *(DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.UNCERTAIN),
    *(DeliveryState.REFUSED, DeliveryState.BOUNCED, DeliveryState.COMPLAINED),
)
_DEAD = (DeliveryState.REFUSED, DeliveryState.BOUNCED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceilings:
    """Shares of what has left. Gmail's and Yahoo's rules for bulk senders ask for less than 0.1%
    complaints (and block from 0.3% on); providers review an account at 5% bounces."""

    complaints: float = 0.001
    dead: float = 0.05


class CeilingWatch:
    """Watches one run of a send, from what stands in the ledger when it begins: who resumes a send
    has seen what went before."""

    def __init__(
        self, ledger: SendLedger, send_id: int, ceilings: Ceilings, *, now: datetime
    ) -> None:
        self._ledger, self._send_id, self._ceilings = ledger, send_id, ceilings
        self._before = ledger.count_states(send_id)
        self._next, self._next_answers = now + LOOK_EVERY, LOOK_AFTER

    def reason_to_pause(
        self, now: datetime, *, answers: int, in_doubt: int = 0
    ) -> AttentionError | None:
        """Look at the ledger after LOOK_EVERY or LOOK_AFTER; `answers` came so far, and `in_doubt`
        of those refused may be no fault of their addresses. StoreError when it is away."""
        if now < self._next and answers < self._next_answers:
            return None
        self._next = now + LOOK_EVERY
        self._next_answers = answers + max(LOOK_AFTER, answers // 20)
        found = self._ledger.count_states(self._send_id)
        since = {state: n - self._before.get(state, 0) for state, n in found.items()}
        refused = since.get(DeliveryState.REFUSED, 0)
        since[DeliveryState.REFUSED] = max(0, refused - in_doubt)
        said = above(since, self._ceilings)
        hint = "newsletter report shows whose; newsletter send --resume goes on all the same"
        return AttentionError(f"The send is paused: {said}", hint=hint) if said else None


def above(states: Mapping[DeliveryState, int], ceilings: Ceilings) -> str:
    """Say which ceiling these counts are above; empty when none."""
    left = _sum(states, _LEFT)
    complaints, dead = _sum(states, (DeliveryState.COMPLAINED,)), _sum(states, _DEAD)
    if complaints >= FEWEST_COMPLAINTS and complaints > ceilings.complaints * left:
        return f"{complaints} of {left:,} people complained that it is spam."
    if dead >= FEWEST_DEAD and dead > ceilings.dead * left:
        return f"{dead:,} of {left:,} addresses are dead or refuse our mail: an old list?"
    return ""


def _sum(states: Mapping[DeliveryState, int], which: tuple[DeliveryState, ...]) -> int:
    return sum(states.get(state, 0) for state in which)
