"""[I/O] What is told about deliveries afterwards: kept once, put into the ledger, acted on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newsletter.model.delivery import DeliveryEvent, EventKind
from newsletter.model.subscriber import SuppressionReason
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.ports import DeliveryEvents, Suppressor

_ENDS = {
    EventKind.BOUNCED: SuppressionReason.BOUNCED,
    EventKind.COMPLAINED: SuppressionReason.COMPLAINED,
    EventKind.LEFT: SuppressionReason.LEFT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What came of some events: new ones, told before, not about a delivery of ours."""

    new: int = 0
    repeated: int = 0
    foreign: int = 0
    suppressed: int = 0


def record(
    told: Iterable[DeliveryEvent],
    *,
    events: DeliveryEvents,
    people: Suppressor,
    tokens: DeliveryTokens,
    now: datetime,
) -> Recorded:
    """Record events in any order, each once. Hard bounces and complaints suppress the address."""
    new = repeated = foreign = suppressed = 0
    for event in told:
        named = tokens.read(event.token)
        if named is None:
            foreign += 1
            continue
        issue_id, subscriber_id = named
        if events.is_known(event):
            repeated += 1  # and not acted on: its reader may have asked for mail anew since
            continue
        # First the address, then the record: killed in between, the event is told again (or the
        # mail read again) and nothing is lost; the other way round the address would live on.
        reason = _ENDS.get(event.kind)
        person = people.get(subscriber_id) if reason else None
        if reason and person and people.suppression(person.address) is None:
            people.suppress(person.address, reason, now)
            suppressed += 1
        events.record(event, issue_id=issue_id, subscriber_id=subscriber_id, now=now)
        new += 1
    return Recorded(new=new, repeated=repeated, foreign=foreign, suppressed=suppressed)
