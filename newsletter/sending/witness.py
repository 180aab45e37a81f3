"""[I/O] Is the ledger older than what was sent? Held against what is written down apart from it."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import AttentionError, NewsletterError
from newsletter.model.delivery import ANSWERED_STATES, DeliveryState, Send, SendState
from newsletter.model.witness import Run, WentOn
from newsletter.sending.send_plan import SendParts


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What a ledger does not know: so many people, so many runs of `send`; or, of a send that a
    backup `put_back` unfinished, whether it went on after that was made."""

    people: int
    runs: int
    put_back: datetime | None = None

    def __str__(self) -> str:
        unknown = []
        if self.put_back is not None and not (self.people or self.runs):
            return (
                f"it came back unfinished from a backup of {self.put_back:%Y-%m-%d %H:%M} UTC, "
                "and nobody can tell who got it after that"
            )
        if self.people:
            people = "1 person" if self.people == 1 else f"{self.people} people"
            unknown.append(f"at least {people} a server answered for")
        if self.runs:
            unknown.append("1 run of send" if self.runs == 1 else f"{self.runs} runs of send")
        return (
            f"the ledger is older than what was sent: it does not know of {' and '.join(unknown)}"
        )


def gap(parts: SendParts, issue_id: str) -> Gap | None:
    """Return what the ledger of an issue does not know; None when it knows all that was written."""
    written = parts.witness.read(issue_id)  # before the ledger, which only grows
    send = parts.ledger.find(issue_id)
    known = parts.ledger.sender_names(send.id) if send else {}
    answered = parts.ledger.count_answered(send.id) if send else 0
    people = max(0, written.people - answered)
    runs = len(set(written.runs) - set(known.values()))
    put_back = max(written.put_back, default=None)
    is_known = not (people or runs or put_back)
    return None if is_known else Gap(people=people, runs=runs, put_back=put_back)


def refuse_older_ledger(parts: SendParts, issue_id: str, *, anyway_by: str) -> None:
    """Raise AttentionError when the ledger is older than what was sent, unless the person named by
    `anyway_by` goes on: that is written down."""
    unknown = gap(parts, issue_id)
    if unknown is None:
        return
    if not anyway_by:
        raise AttentionError(f"{issue_id}: {unknown}", hint=_helps(parts.ledger.find(issue_id)))
    choice = WentOn(by=anyway_by, at=parts.clock(), people=unknown.people)
    parts.witness.go_on(issue_id, choice)


def _helps(send: Send | None) -> str:
    goes_on = "newsletter send --anyway --by NAME continues, but they may get it twice"
    if send is None:
        return f"leave it; {goes_on}"
    if send.state is SendState.CANCELLED:
        return "it was cancelled: leave it"
    if send.is_over:
        return (
            f"leave it. If you know better, newsletter send {send.issue_id} --anyway --by NAME "
            "writes that down; then run this again"
        )
    return f"newsletter send --cancel ends it; {goes_on}"


class RunWitness:
    """Writes down, apart from the ledger, how far one run came.

    Only what the ledger has committed is counted, and afterwards: the file is never ahead of a
    ledger that was not put back.
    """

    def __init__(self, parts: SendParts, send: Send, sender: int) -> None:
        self._parts = parts
        self._send = send
        self._name = parts.ledger.sender_names(send.id)[sender]
        self._started = parts.clock()
        # Without those who wait once more after an answer: they are counted when they get another.
        states = parts.ledger.count_states(send.id)
        self._people = sum(states.get(state, 0) for state in ANSWERED_STATES)
        self._write()

    def settled(self, state: DeliveryState, count: int) -> None:
        """Count outcomes that the ledger has."""
        if state in ANSWERED_STATES:
            self._people += count

    def refresh(self) -> None:
        """Write down where it stands; where that fails, the next time will do."""
        with suppress(NewsletterError):
            self._write()

    def end(self) -> None:
        """Write down what all senders came to."""
        with suppress(NewsletterError):
            self._people = self._parts.ledger.count_answered(self._send.id)
            self._write()

    def _write(self) -> None:
        run = Run(started=self._started, people=self._people)
        self._parts.witness.note(self._send.issue_id, self._name, run)
