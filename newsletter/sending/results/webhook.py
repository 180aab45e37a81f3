"""[I/O] The verb of the event webhook: believe only what was signed lately, then record it."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.sending.results.events import SignedRequest, read, verify
from newsletter.sending.results.record import EventRecorder, Recorded


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsigned:
    """Not from SendGrid, or told long ago."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """Signed, and no list of events."""


def receive(
    request: SignedRequest, *, public_key: str, recorder: EventRecorder, now: datetime
) -> Recorded | Unsigned | Unreadable:
    """Record the events of one request. Told twice they count once, so that an answer that got
    lost costs nothing."""
    if not verify(request, public_key, now):
        return Unsigned()
    try:
        events = read(request.body)
    except ValueError:
        return Unreadable()
    return recorder.record(events, now)
