"""How a message leaves: the transport pulls, and the ledger is written before and after.

A transport claims what it is about to hand over, hands it over, and settles it in the same call
that claims the next. Whatever it holds when its process dies is what the ledger calls uncertain:
so it claims no more than it has in its hands (SMTP: one message a connection; SendGrid: one
request).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from newsletter.model.delivery import Outcome
from newsletter.model.message import Message


class Settled(NamedTuple):
    """How one claimed message went. A tuple, as `Message` is."""

    delivery_id: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What a transport may hand over now.

    Without messages, `wait` says after how many seconds to ask again; None means that nothing
    more will come (finished, paused, cancelled, draining), unless a message still in flight is
    put off: then ask once more after settling it.
    """

    messages: tuple[Message, ...] = ()
    wait: float | None = None


class Batch(Protocol):
    """Outcomes and claims that the ledger has begun to write: `commit`, then ask for `claim`."""

    def commit(self) -> None:
        """Wait, on any thread, until the disk has them."""

    def claim(self) -> Claim:
        """Return what may be handed over, now that it is committed."""


class DeliveryQueue(Protocol):
    """The ledger as a transport sees it. Safe to call from several threads."""

    def settle_and_claim(self, settled: Sequence[Settled], want: int) -> Claim:
        """Record these outcomes and claim up to `want` more, in one committed transaction."""
        batch = self.begin(settled, want)
        batch.commit()
        return batch.claim()

    def begin(self, settled: Sequence[Settled], want: int) -> Batch:
        """Return the same as steps, for a caller that has other work while the disk writes."""

    def lease_is_held(self) -> bool:
        """Return whether what was claimed may still be handed over. Asked last, just before: while
        a machine was suspended its people may have gone to another sender. If not: settle them as
        untried."""

    def sleep(self, seconds: float) -> None:
        """Wait that long, or until the send is asked to stop."""

    def is_ending(self) -> bool:
        """Return whether the send is asked to stop: a server that is away is not waited for."""
        return False


def hand_over_all(
    queue: DeliveryQueue,
    hand_over: Callable[[Sequence[Message]], list[Settled]],
    *,
    want: Callable[[], int],
) -> None:
    """Claim up to `want` messages, hand them over and settle them, until nothing more comes."""
    settled: list[Settled] = []
    while True:
        claim = queue.settle_and_claim(settled, want())
        settled = hand_over(claim.messages) if claim.messages else []
        if not claim.messages:
            if claim.wait is None:
                return
            queue.sleep(claim.wait)


class Transport(Protocol):
    """A way for messages to leave. One that inherits from it holds nothing, and cannot be asked,
    unless it says otherwise."""

    def deliver(self, queue: DeliveryQueue) -> None:
        """Hand over messages until none are left. ServiceError when the other side is gone."""

    def rehearse(self, messages: Sequence[Message]) -> str:
        """Return, in words, how these would be taken, and send nothing; else ServiceError."""

    def hold(self, hold_id: str | None) -> str:
        """Begin a send, or go on with one, whose mail may be held back for a while; return the name
        under which it can be recalled. Empty where nothing is held."""
        return ""

    def recall(self, hold_id: str) -> None:
        """Cancel what is still held under that name. ServiceError when that cannot be."""
        return

    def remarks(self) -> tuple[str, ...]:
        """Return what a person should know of how it went, in sentences."""
        return ()

    def evidence(self, message_id: str) -> bool | None:
        """Return whether an uncertain message was taken after all; None when this cannot say."""
        return None
