"""[I/O] The verb of the event webhook: believe only what was signed lately, then record it."""

from datetime import datetime
from enum import Enum

from newsletter.sending.results.events import SignedRequest, read, verify
from newsletter.sending.results.record import EventRecorder, Recorded


class NotRecorded(Enum):
    """Why nothing of a request was recorded."""

    UNSIGNED = "not from SendGrid, or told long ago"
    UNREADABLE = "signed, and no list of events"


def receive(
    request: SignedRequest, *, public_key: str, recorder: EventRecorder, now: datetime
) -> Recorded | NotRecorded:
    """Record the events of one request. Told twice they count once, so that an answer that got
    lost costs nothing."""
    if not verify(request, public_key, now):
        return NotRecorded.UNSIGNED
    try:
        events = read(request.body)
    except ValueError:
        return NotRecorded.UNREADABLE
    return recorder.record(events, now)
