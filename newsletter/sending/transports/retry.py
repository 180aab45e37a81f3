"""What an outcome means for the ledger: done, refused for good, or again later."""

from datetime import datetime, timedelta

from newsletter.model.delivery import (
    Accepted,
    Deferred,
    DeliveryState,
    Fault,
    Outcome,
    Refused,
    Uncertain,
)
from newsletter.model.ledger import ClaimedDelivery, Result

_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
# A setting of ours that is wrong for one person only is that of another server on the way.
_LONGEST_OURS = timedelta(hours=4)
NOT_TRIED = Deferred(reason="")


def result_of(
    outcome: Outcome, claimed: ClaimedDelivery, *, now: datetime, window: timedelta
) -> Result:
    """Return what an outcome makes of a claim.

    A temporary refusal is tried again, at growing distances, for as long as `window`; after that
    it counts as refused. NOT_TRIED gives the claim back as if it had never been taken.
    """
    ids = (claimed.delivery_id,)
    match outcome:
        case Accepted(provider_id=provider_id):
            return Result(delivery_ids=ids, state=DeliveryState.ACCEPTED, provider_id=provider_id)
        case Refused(reason=reason, code=code):
            return Result(delivery_ids=ids, state=DeliveryState.REFUSED, code=code, reason=reason)
        case Uncertain(reason=reason):
            return Result(delivery_ids=ids, state=DeliveryState.UNCERTAIN, reason=reason)
        case Deferred(reason=""):
            return Result(delivery_ids=ids, state=DeliveryState.WAITING, counts=False)
        case Deferred(reason=reason, fault=fault):
            window = min(window, _LONGEST_OURS) if fault is Fault.OURS else window
            due = now + _PAUSES[min(claimed.attempts, len(_PAUSES) - 1)]
            if claimed.first_tried_at is not None and due > claimed.first_tried_at + window:
                reason = f"put off for {window.total_seconds() / 3600:g} hours: {reason}"
                return Result(delivery_ids=ids, state=DeliveryState.REFUSED, reason=reason)
            state = DeliveryState.WAITING
            return Result(delivery_ids=ids, state=state, reason=reason, retry_at=due)
