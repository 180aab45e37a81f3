"""[I/O] The verb of the event webhook: believe only what was signed lately, then record it."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.ports import DeliveryEvents, Suppressor
from newsletter.sending.results.events import read, verify
from newsletter.sending.results.record import Recorded, record


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsigned:
    """Not from SendGrid, or told long ago."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """Signed, and no list of events."""


def receive(
    raw: bytes,
    *,
    signature: str,
    timestamp: str,
    public_key: str,
    events: DeliveryEvents,
    people: Suppressor,
    tokens: DeliveryTokens,
    now: datetime,
) -> Recorded | Unsigned | Unreadable:
    """Record the events of one request. Told twice they count once, so that an answer that got
    lost costs nothing."""
    if not verify(raw, signature, timestamp, public_key, now):
        return Unsigned()
    try:
        told = read(raw)
    except ValueError:
        return Unreadable()
    return record(told, events=events, people=people, tokens=tokens, now=now)
