"""[I/O] `bounces read`: returned mail becomes events; each message is read once."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.model.delivery import EventKind
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.ports import DeliveryEvents, Suppressor
from newsletter.sending.results.bounces import read
from newsletter.sending.results.mailbox import BounceMailbox
from newsletter.sending.results.record import record


@dataclass(frozen=True, kw_only=True, slots=True)
class BouncesRead:
    """What was in the mailbox. `passed_over` was about no delivery of ours."""

    messages: int
    kinds: dict[EventKind, int]
    suppressed: int
    passed_over: int


def read_bounces(
    mailbox: BounceMailbox,
    *,
    events: DeliveryEvents,
    people: Suppressor,
    tokens: DeliveryTokens,
    now: datetime,
) -> BouncesRead:
    """Read what is unread. Marked as read only once it is in the ledger."""
    messages = suppressed = passed_over = 0
    kinds: dict[EventKind, int] = {}
    for name, raw in mailbox.unread():
        messages += 1
        event = read(raw, now)
        told = [event] if event is not None else []
        done = record(told, events=events, people=people, tokens=tokens, now=now)
        suppressed += done.suppressed
        if event is None or done.foreign:
            passed_over += 1
        else:
            kinds[event.kind] = kinds.get(event.kind, 0) + 1
        mailbox.mark_read(name)
    return BouncesRead(
        messages=messages, kinds=kinds, suppressed=suppressed, passed_over=passed_over
    )
