"""[I/O] Pausing, resuming and cancelling a send, and what an editor decides about the uncertain."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial

from newsletter.errors import AttentionError, UsageError
from newsletter.model.delivery import DeliveryState, Send, SendState
from newsletter.model.message import RenderedEdition
from newsletter.sending.begin_send import known
from newsletter.sending.message.compose import Splicer
from newsletter.sending.send import settle_by_evidence
from newsletter.sending.send_plan import SendParts
from newsletter.sending.witness import refuse_older_ledger

# In which states a send is what each of them may mean.
_FROM = {
    "pause": (SendState.RUNNING, SendState.SCHEDULED, SendState.STOPPED),
    "resume": (SendState.PAUSED, SendState.STOPPED),
    "cancel": (SendState.RUNNING, SendState.PAUSED, SendState.SCHEDULED, SendState.STOPPED),
}


class UncertainChoice(StrEnum):
    """What is to happen to people who may or may not have got it."""

    HOLD = "hold"  # nothing, until there is evidence
    RESEND = "resend"  # they may get it twice
    SKIP = "skip"  # they may never get it


def under_way(parts: SendParts, verb: str) -> str:
    """Return the one issue, or bulletin, that `pause`, `resume` or `cancel` can mean. UsageError
    when there is none, or when there are several."""
    sends = [send for send in parts.ledger.sends() if send.state in _FROM[verb]]
    if len(sends) == 1:
        return sends[0].issue_id
    latest = parts.ledger.latest()
    if not sends and verb == "cancel" and latest is not None and latest.hold_id:
        return latest.issue_id  # what the provider still holds can be recalled
    if not sends:
        raise UsageError(
            f"there is nothing to {verb}: no send is {_words(_FROM[verb])}",
            hint=f"name the issue: newsletter send ISSUE --{verb}",
        )
    raise _ambiguous(sends, f" --{verb}")


def sent_last(parts: SendParts) -> str:
    """Return the issue whose audience was frozen last. UsageError before the first."""
    latest = parts.ledger.latest()
    if latest is None:
        raise UsageError(
            "nothing has been sent yet", hint="newsletter send sends the approved issue"
        )
    return latest.issue_id


def begun_besides(parts: SendParts, *issue_ids: str) -> str | None:
    """Return what was begun and is not finished, when nobody waits for these issues any more; None
    while somebody does, or when nothing was. UsageError when several were."""
    sends = {send.issue_id: send for send in parts.ledger.sends()}
    if any(one not in sends or not sends[one].is_over for one in issue_ids):
        return None
    begun = [send for send in sends.values() if not send.is_over]
    if len(begun) > 1:
        raise _ambiguous(begun)
    return begun[0].issue_id if begun else None


def _ambiguous(sends: Sequence[Send], option: str = "") -> UsageError:
    named = ", ".join(f"{send.issue_id} ({send.state.value})" for send in sends)
    return UsageError(
        f"which of them? {named}", hint=f"newsletter send {sends[-1].issue_id}{option}"
    )


def _words(states: tuple[SendState, ...]) -> str:
    return " or ".join(state.value for state in states)


def pause(parts: SendParts, issue_id: str) -> Send:
    """Pause the send, and return it; every sender stops within a second."""
    return _change(parts, issue_id, SendState.PAUSED, _FROM["pause"])


def ready_to_resume(parts: SendParts, issue_id: str, *, anyway_by: str = "") -> None:
    """Let those wait again who were refused since the last acceptance: that was what the send was
    paused for. `anyway_by` names who goes on with an older ledger.

    It stays paused. AttentionError when it is not, or may not go on.
    """
    if not anyway_by:
        refuse_older_ledger(parts, issue_id, anyway_by="")
    send = known(parts, issue_id)
    if send.state not in _FROM["resume"]:
        raise _is_otherwise(send)
    if send.state is SendState.PAUSED:
        parts.ledger.wait_again(
            send.id, now=parts.clock(), giving_back=partial(parts.witness.give_back, issue_id)
        )


def resume(parts: SendParts, issue_id: str) -> Send:
    """Let it go on, and return it; `send`, or a worker, hands over."""
    return _change(parts, issue_id, SendState.RUNNING, _FROM["resume"])


def cancel(parts: SendParts, issue_id: str) -> Send:
    """End it for good, and return it: people who wait never get it, and what the provider still
    holds is recalled.

    Nobody knows whose copies that caught: the ledger goes on saying that the provider took them,
    and the provider's events tell the rest. Called again it recalls again: the provider may have
    been out of reach.
    """
    send = known(parts, issue_id)
    only_from = tuple(SendState) if send.hold_id else _FROM["cancel"]
    cancelled = _change(parts, issue_id, SendState.CANCELLED, only_from)
    if send.hold_id:
        parts.transport(no_splicer).recall(send.hold_id)
    return cancelled


def uncertain_now(parts: SendParts, issue_id: str) -> int:
    """Count the uncertain people, after dead senders are ended and all evidence is heard."""
    send = known(parts, issue_id)
    parts.ledger.end_expired(send.id, now=parts.clock(), is_gone=parts.is_gone)
    settle_by_evidence(parts, send, parts.transport(no_splicer), parts.addressing())
    return len(parts.ledger.uncertain(send.id))


def decide(parts: SendParts, issue_id: str, choice: UncertainChoice, *, by: str) -> int:
    """Settle everyone uncertain the way an editor chose, and return how many that are.

    Written down with the name. Evidence comes first: it is not sent again to people who are known
    to have it.
    """
    send = known(parts, issue_id)
    if choice is UncertainChoice.HOLD:
        return 0
    if not by:
        raise UsageError("who decides?", hint="add --by NAME: the audit shows who decided")
    if not uncertain_now(parts, issue_id):
        return 0
    again = choice is UncertainChoice.RESEND
    settled = parts.ledger.settle_uncertain(
        [delivery.delivery_id for delivery in parts.ledger.uncertain(send.id)],
        DeliveryState.WAITING if again else DeliveryState.SKIPPED,
        evidence=f"none; chosen: {choice.value}",
        decided_by=by,
        now=parts.clock(),
    )
    if again and settled:
        parts.ledger.change_state(send.id, SendState.RUNNING, only_from=(SendState.FINISHED,))
    return settled


def no_splicer(edition: RenderedEdition) -> Splicer:
    """Stand in for a splicer where a transport hands nothing over."""
    raise AssertionError(f"nothing is sent here, and nothing of {edition.issue_id}")


def _change(
    parts: SendParts, issue_id: str, state: SendState, only_from: tuple[SendState, ...]
) -> Send:
    send = known(parts, issue_id)
    if not parts.ledger.change_state(send.id, state, only_from=only_from):
        raise _is_otherwise(send)
    return known(parts, issue_id)


def _is_otherwise(send: Send) -> AttentionError:
    return AttentionError(f"the send of {send.issue_id} is {send.state.value}")
