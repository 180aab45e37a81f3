"""[I/O] `resend`: an issue once more to those who never got it, by an editor's choice."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from newsletter.errors import AttentionError, UsageError
from newsletter.model.delivery import DeliveryState, SendState
from newsletter.model.ledger import Missed
from newsletter.sending.audience import barrier
from newsletter.sending.begin_send import known
from newsletter.sending.send_control import uncertain_now
from newsletter.sending.send_plan import SendParts
from newsletter.sending.told_words import refuse_unfinished
from newsletter.sending.witness import refuse_older_ledger

# Nobody with such a row has it; of those who are uncertain nobody knows.
NEVER_GOT_IT = (DeliveryState.REFUSED, DeliveryState.BOUNCED)
_AFTER_BACKUP = "may have got it after the backup that was restored (--uncertain adds them)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """Who never got an issue, and could get it now. `counts` are of those, by how their copy ended
    and with which code; `barred` of those who may not be mailed, by why."""

    issue_id: str
    people: Mapping[int, DeliveryState]
    counts: Mapping[tuple[DeliveryState, str], int]
    barred: Mapping[str, int]


def who_missed(
    parts: SendParts, issue_id: str, among: Collection[DeliveryState], *, dry_run: bool = False
) -> Choice:
    """Return whom a second try of an issue would reach, of those whose copy ended like that.

    An address that bounced counts when it was mended since. All evidence is heard first, but for a
    dry run, which writes nothing.
    Where it came back with a backup and nothing else was known of it, these are people who may have
    it: they need UNCERTAIN in `among`, too.
    AttentionError unless the issue is finished, and while the ledger is older than what was sent:
    they may have got it since; UsageError when it was never sent.
    """
    send = known(parts, issue_id)
    refuse_unfinished(send)
    if send.state is SendState.CANCELLED:
        raise AttentionError(
            f"the sending of {issue_id} was cancelled",
            hint=f"newsletter correct {issue_id} tells those who have it what is right",
        )
    refuse_older_ledger(parts, issue_id, anyway_by="")
    if not dry_run:
        uncertain_now(parts, issue_id)
    missed = [one for one in parts.ledger.missed(send.id) if one.state in among]
    is_known = not parts.witness.read(issue_id).restored or DeliveryState.UNCERTAIN in among
    unknown = "" if is_known else _AFTER_BACKUP
    reasons = {one.delivery_id: _reason(one, parts) or unknown for one in missed}
    may = [one for one in missed if not reasons[one.delivery_id]]
    return Choice(
        issue_id=issue_id,
        people={one.delivery_id: one.state for one in may},
        counts=Counter((one.state, one.code) for one in may),
        barred=Counter(filter(None, reasons.values())),
    )


def try_again(parts: SendParts, choice: Choice, *, by: str) -> int:
    """Let the chosen people wait once more, and return how many those are; `send` mails them.

    Whoever turns out to have it meanwhile is left alone. UsageError without a name.
    """
    if not by:
        raise UsageError("who decides?", hint="add --by NAME: the audit shows who decided")
    return parts.ledger.try_again(choice.people, decided_by=by, now=parts.clock())


def _reason(one: Missed, parts: SendParts) -> str:
    """Why somebody may not be mailed now; empty when they may."""
    if one.standing is None:
        return "left"
    today = parts.coalition.day_of(parts.clock())
    barred = barrier(one.standing, one.paused_until, one.is_suppressed, today=today)
    return barred.value if barred else ""
