"""How fast one sender may hand messages to each domain."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from newsletter.model.delivery import SLOT_GIVEN, DeliveryState
from newsletter.model.ledger import ClaimedDelivery, Result


class DomainPace:
    """`rate` messages a minute to any one domain, over all senders; None is no limit."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._slots: dict[str, datetime] = {}

    def allowed(
        self, people: Sequence[ClaimedDelivery], now: datetime, *, senders: int
    ) -> tuple[Sequence[ClaimedDelivery], list[Result]]:
        """Return the people whose provider may be given a message now, and the others, each with a
        time of its own, to give back at once: no message of theirs leaves."""
        if self._rate is None:
            return people, []
        too_many: list[Result] = []
        step = timedelta(minutes=senders / self._rate)
        allowed = []
        for person in people:
            if person.has_slot:
                allowed.append(person)
                continue
            domain = person.address.rpartition("@")[2].lower()
            slot = max(self._slots.get(domain, now), now - step)
            self._slots[domain] = slot + step
            if slot <= now:
                allowed.append(person)
                continue
            too_many.append(
                Result(
                    delivery_ids=(person.delivery_id,),
                    state=DeliveryState.WAITING,
                    retry_at=slot,
                    reason=SLOT_GIVEN,
                    counts=False,
                )
            )
        return allowed, too_many
