"""[I/O] What is told about deliveries afterwards: kept once, put into the ledger, acted on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from newsletter.model.delivery import DeliveryEvent, EventKind
from newsletter.model.subscriber import SuppressionReason
from newsletter.people.ports import SubscriberStore
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.ports import SendLedger

_ENDS = {
    EventKind.BOUNCED: SuppressionReason.BOUNCED,
    EventKind.COMPLAINED: SuppressionReason.COMPLAINED,
    EventKind.LEFT: SuppressionReason.LEFT,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What came of some events: new ones, told before, not about a delivery of ours, or about a
    test mail, of which nothing is kept."""

    new: int = 0
    repeated: int = 0
    foreign: int = 0
    suppressed: int = 0
    trials: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class EventRecorder:
    """Keeps what is told about deliveries, and ends the mailing of addresses that do not work.

    `came_back` hears the number of a mail to an editor that did, why and when, and says whether
    that is news.
    """

    ledger: SendLedger
    people: SubscriberStore
    tokens: DeliveryTokens
    came_back: Callable[[int, str, datetime], bool]

    def record(self, events: Iterable[DeliveryEvent], now: datetime) -> Recorded:
        """Record events in any order, each once. Hard bounces and complaints suppress addresses."""
        new = repeated = foreign = suppressed = trials = 0
        for event in events:
            copy = self.tokens.read(event.token)
            if copy is None:
                foreign += 1
                continue
            if copy.is_trial:
                trials += 1
                continue
            if copy.is_to_editor:
                is_back = event.kind in (EventKind.BOUNCED, EventKind.BLOCKED)
                is_new = is_back and self.came_back(copy.subscriber_id, event.reason, now)
                new, repeated = new + is_new, repeated + (not is_new)
                continue
            if self.ledger.has_event(event):
                repeated += 1  # and not acted on: its reader may have asked for mail again since
                continue
            # First the address, then the record: killed in between, the event is told again (or the
            # mail read again) and nothing is lost; the other way round the address would live on.
            reason = _ENDS.get(event.kind)
            person = self.people.get(copy.subscriber_id) if reason else None
            if reason and person and self.people.suppression(person.address) is None:
                self.people.suppress(person.address, reason, now)
                suppressed += 1
            self.ledger.record_event(
                event, issue_id=copy.issue_id, subscriber_id=copy.subscriber_id, now=now
            )
            new += 1
        return Recorded(
            new=new, repeated=repeated, foreign=foreign, suppressed=suppressed, trials=trials
        )
