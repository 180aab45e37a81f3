"""[I/O] `bounces read`: returned mail becomes events; each message is read once."""

from dataclasses import dataclass
from datetime import datetime

from newsletter.model.delivery import EventKind
from newsletter.sending.results.bounces import Unreadable, read
from newsletter.sending.results.mailbox import BounceMailbox
from newsletter.sending.results.record import EventRecorder


@dataclass(frozen=True, kw_only=True, slots=True)
class BouncesRead:
    """What was in the mailbox. `passed_over` was about no delivery of ours; `trials` are test mails
    that came back; `unreadable` are the names of the messages that nobody can tell the meaning of,
    put aside for a person to look at."""

    messages: int
    kinds: dict[EventKind, int]
    suppressed: int
    passed_over: int
    trials: int = 0
    unreadable: tuple[str, ...] = ()


def read_bounces(mailbox: BounceMailbox, recorder: EventRecorder, now: datetime) -> BouncesRead:
    """Read what is unread. A message is marked as read only once it is in the ledger; one that
    cannot be read stops none of the others."""
    messages = suppressed = passed_over = trials = 0
    unreadable: list[str] = []
    kinds: dict[EventKind, int] = {}
    for name, raw in mailbox.unread():
        messages += 1
        try:
            event = read(raw, now)
        except Unreadable:
            unreadable.append(name)
            mailbox.put_aside(name)
            continue
        recorded = recorder.record([event] if event is not None else [], now)
        suppressed += recorded.suppressed
        trials += recorded.trials
        if event is None or recorded.foreign:
            passed_over += 1
        elif not recorded.trials:
            kinds[event.kind] = kinds.get(event.kind, 0) + 1
        mailbox.mark_read(name)
    return BouncesRead(
        messages=messages,
        kinds=kinds,
        suppressed=suppressed,
        passed_over=passed_over,
        trials=trials,
        unreadable=tuple(unreadable),
    )
