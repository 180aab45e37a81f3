"""[I/O] The beginning of a send: its audience is frozen, by one of those who begin it at once."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from newsletter.errors import AlreadyFrozenError, AttentionError, UsageError
from newsletter.model.delivery import Send
from newsletter.model.ledger import NewSend
from newsletter.sending.audience import judge
from newsletter.sending.send_plan import SendParts, SendPlan, month_of
from newsletter.sending.witness import refuse_older_ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOptions:
    """How to begin. `rate` is in messages a second; `due_at` puts the start off; `anyway_by` names
    the person who goes on with a ledger that is older than what was sent. `by_itself`: nobody asks
    for it now, so that what somebody stopped stays stopped."""

    due_at: datetime | None = None
    rate: float | None = None
    anyway_by: str = ""
    by_itself: bool = False


AS_PLANNED = SendOptions()


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A plan whose audience is frozen, as its `send`. `joined`: by somebody else, who began at the
    same moment."""

    plan: SendPlan
    send: Send
    joined: bool = False


def begin(parts: SendParts, plan: SendPlan, options: SendOptions) -> Begun:
    """Freeze the audience if that is not done: `run` goes on from there, now or elsewhere.

    Of several who do so at the same moment one freezes and the others share what it froze.
    AttentionError where the ledger is older than what was sent, or nobody would get it; UsageError
    where another time is fixed.
    """
    parts.addressing()  # first: without the secret key nothing is to be frozen
    refuse_older_ledger(parts, plan.issue_id, anyway_by=options.anyway_by)
    send = parts.ledger.find(plan.issue_id)  # it may have been begun or resumed since
    joined = plan.send is None and send is not None
    if send is None:
        try:
            send = _freeze(parts, plan, options)
        except AlreadyFrozenError:
            send, joined = known(parts, plan.issue_id), True
    if options.due_at is not None and options.due_at != send.due_at:
        raise UsageError(
            f"The list of readers for {plan.issue_id} is already fixed, so it cannot be postponed.",
            hint="run newsletter send --pause now, and --resume when it is time",
        )
    if plan.changed:
        digests = {edition.language: edition.digest for edition in plan.editions}
        parts.ledger.replace_version(send.id, digest=plan.digest, editions=digests)
        send = replace(send, digest=plan.digest)
    if options.rate is not None and options.rate != send.rate:
        parts.ledger.set_rate(send.id, options.rate)
    return Begun(plan=replace(plan, send=send), send=send, joined=joined)


def known(parts: SendParts, issue_id: str) -> Send:
    """Return the send of that issue. UsageError when it was never sent."""
    send = parts.ledger.find(issue_id)
    if send is None:
        raise UsageError(f"{issue_id} was never sent")
    return send


def _freeze(parts: SendParts, plan: SendPlan, options: SendOptions) -> Send:
    _refuse_nobody(plan)
    new = NewSend(
        issue_id=plan.issue_id,
        digest=plan.digest,
        editions={edition.language: edition.digest for edition in plan.editions},
        due_at=options.due_at,
        rate=options.rate or parts.limits.rate,
        corrects=plan.corrects,
        wrong=plan.wrong,
    )
    return parts.ledger.freeze(
        new, partial(judge, rules=plan.rules), now=parts.clock(), month=month_of(parts)
    )


def _refuse_nobody(plan: SendPlan) -> None:
    """An audience is frozen once: people who join after an empty one would never get the issue."""
    if plan.people:
        return
    left_out = sum(plan.exclusions.values())
    raise AttentionError(
        f"nobody would get {plan.issue_id}",
        hint="newsletter send --dry-run shows why each person is left out"
        if left_out
        else "add people to the list: newsletter subscribers import FILE.csv --proof …",
    )
