"""[I/O] `audit`: does the ledger of an issue add up?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from newsletter.errors import AttentionError, UsageError
from newsletter.model.delivery import Send, SendState, Settlement, Tally
from newsletter.model.ledger import LeftBehind, Process, UncertainDelivery

if TYPE_CHECKING:  # a worker audits while it is idle
    from newsletter.sending.ports import SendLedger


class Books(Protocol):
    """What is audited, and by which clock; `SendParts` are such."""

    @property
    def ledger(self) -> "SendLedger": ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def is_gone(self) -> Callable[[Process], bool | None]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """The sums of one send, what is wrong with them, and the people who are uncertain."""

    send: Send
    tally: Tally
    problems: tuple[str, ...]
    uncertain: tuple[UncertainDelivery, ...]
    settlements: tuple[Settlement, ...]

    @property
    def holds(self) -> bool:
        """Return whether candidates = audience + exclusions, and each person is accounted for."""
        return not self.problems

    @property
    def is_complete(self) -> bool:
        """Return whether, beyond that, nobody waits and nobody is uncertain."""
        return self.holds and not self.uncertain and self.tally.open == 0


def audit(books: Books, issue_id: str, *, unknown: str = "") -> Audit:
    """Count the ledger as it really is; writes nothing. `unknown` says what it does not know.

    UsageError when the issue was never sent.
    """
    ledger = books.ledger
    send = ledger.find(issue_id)
    if send is None and unknown:
        raise AttentionError(f"{issue_id}: {unknown}")
    if send is None:
        raise UsageError(f"{issue_id} was never sent", hint="newsletter send sends it")
    tally = ledger.tally(send.id)
    left = ledger.left_behind(send.id, now=books.clock(), is_gone=books.is_gone)
    unfinished = _unfinished(send, tally, left, books.clock())
    if unfinished and not unknown:  # else `send` refuses to
        resume = " --resume" if send.state is SendState.PAUSED else ""
        unfinished = f"{unfinished}. newsletter send {send.issue_id}{resume} goes on"
    problems = (*problems_of(send, tally), *filter(None, (unfinished, unknown)))
    return Audit(
        send=send,
        tally=tally,
        problems=problems,
        uncertain=(*ledger.uncertain(send.id), *left.people),
        settlements=ledger.settlements(send.id),
    )


def _unfinished(send: Send, tally: Tally, left: LeftBehind, now: datetime) -> str:
    """Say that people wait and nobody is at work for them; empty when that is not so."""
    waits_for_its_time = send.state is SendState.SCHEDULED and send.due_at and send.due_at > now
    if send.is_over or left.living or waits_for_its_time:
        return ""
    held = f", {len(left.people)} of them in the hands of a sender that died" if left.people else ""
    return f"the send is {send.state} and nobody is sending: {tally.open} people wait{held}"


def problems_of(send: Send, tally: Tally) -> tuple[str, ...]:
    """List each sum that does not hold, in words. Empty is proof."""
    problems = []
    if send.candidates != send.audience + send.excluded:
        problems.append(
            f"{send.candidates} candidates are not "
            f"{send.audience} in the audience + {send.excluded} excluded"
        )
    if tally.audience != send.audience:
        problems.append(
            f"{send.audience} people were frozen into the audience, "
            f"but {tally.audience} have a row in the ledger"
        )
    if tally.excluded != send.excluded:
        problems.append(
            f"{send.excluded} people were excluded, but {tally.excluded} have a row that says why"
        )
    if tally.twice:
        problems.append(f"{tally.twice} people are both in the audience and excluded from it")
    if tally.abandoned:
        problems.append(f"{tally.abandoned} people are claimed by a sender that has ended")
    if send.state is SendState.FINISHED and tally.open:
        problems.append(f"the send is finished, but {tally.open} people still wait")
    return tuple(problems)
