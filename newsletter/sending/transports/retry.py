"""What an answer means for the ledger: done, refused for good, or again later."""

from datetime import datetime, timedelta

from newsletter.model.delivery import (
    Accepted,
    Deferred,
    DeliveryState,
    Outcome,
    Refused,
    Result,
    Uncertain,
)

_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
NOT_TRIED = Deferred(reason="")


def result_of(
    delivery_id: int,
    outcome: Outcome,
    *,
    attempts: int,
    first_tried_at: datetime | None,
    now: datetime,
    window: timedelta,
) -> Result:
    """The row that an outcome makes of a claim.

    A temporary refusal is tried again, at growing distances, for as long as `window`; after that
    it counts as refused. NOT_TRIED gives the claim back as if it had never been taken.
    """
    match outcome:
        case Accepted(provider_id=provider_id):
            return Result(
                delivery_ids=(delivery_id,), state=DeliveryState.ACCEPTED, provider_id=provider_id
            )
        case Refused(reason=reason, code=code):
            return Result(
                delivery_ids=(delivery_id,), state=DeliveryState.REFUSED, code=code, reason=reason
            )
        case Uncertain(reason=reason):
            return Result(delivery_ids=(delivery_id,), state=DeliveryState.UNCERTAIN, reason=reason)
        case Deferred(reason=""):
            return Result(delivery_ids=(delivery_id,), state=DeliveryState.WAITING, counts=False)
        case Deferred(reason=reason):
            due = now + _PAUSES[min(attempts, len(_PAUSES) - 1)]
            if first_tried_at is not None and due > first_tried_at + window:
                hours = window.total_seconds() / 3600
                return Result(
                    delivery_ids=(delivery_id,),
                    state=DeliveryState.REFUSED,
                    reason=f"put off for {hours:g} hours: {reason}",
                )
            return Result(
                delivery_ids=(delivery_id,),
                state=DeliveryState.WAITING,
                reason=reason,
                retry_at=due,
            )
