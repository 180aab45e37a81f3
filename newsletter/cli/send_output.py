"""What `newsletter send` shows: the plan before it asks, the question, and the result."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.cli.moment import LONG
from newsletter.cli.output import counted, note, print_json, say
from newsletter.model.delivery import DeliveryState, SendState

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from newsletter.model.delivery import Send, Tally
    from newsletter.model.ledger import Reached
    from newsletter.sending.send import SendOutcome
    from newsletter.sending.send_plan import SendParts, SendPlan


def plan_data(plan: "SendPlan") -> dict[str, object]:
    """Return the plan as `--dry-run --json` prints it."""
    return {
        "issue": plan.issue_id,
        "digest": plan.digest,
        "people": plan.people,
        "editions": plan.counts,
        "exclusions": {why.value: n for why, n in plan.exclusions.items()},
        "warnings": plan.warnings,
        "state": plan.send.state if plan.send else None,
    }


def show_plan(plan: "SendPlan") -> None:
    """Tell the person at the terminal what is about to happen."""
    if plan.send is not None:
        frozen = plan.send
        note(
            f"{plan.issue_id} is {frozen.state}: audience {frozen.audience}, "
            f"{plan.people} still to get it."
        )
        if plan.changed:
            note(
                "It was approved again: people who have not got it yet get the new version. When "
                f"that is done, newsletter correct {plan.issue_id} tells the others."
            )
    else:
        for language, count in sorted(plan.counts.items()):
            note(f"  {language}: {counted(count, 'person')}")
        for reason, count in sorted(plan.exclusions.items()):
            note(f"  left out, {reason.value}: {count}")
    for warning in plan.warnings:
        note(f"Warning: {warning}")


def question(plan: "SendPlan", transport: str, starts: datetime | None) -> str:
    """Return what is asked before anything is sent, with the number of people."""
    verb = "Continue sending" if plan.send is not None else "Send"
    people = counted(plan.people, "person")
    when = "" if starts is None else f" on {starts:{LONG}}"
    return f"{verb} {plan.issue_id} to {people} through {transport}{when}?"


def show_schedule(send: "Send", zone: "ZoneInfo", *, has_worker: bool) -> None:
    """Tell, of a scheduled send, when it begins and who begins it, and how to call it off."""
    if send.state is not SendState.SCHEDULED or send.due_at is None:
        return
    note(f"{send.issue_id} is scheduled for {send.due_at.astimezone(zone):{LONG}}.")
    cancel = f"newsletter send {send.issue_id} --cancel calls it off"
    if has_worker:
        note(f"A worker (newsletter work) begins it then; {cancel}.")
    else:
        note(
            "No worker that sends runs (newsletter work): only a newsletter send that waits begins "
            f"it then, on a computer that stays awake; {cancel}."
        )


def show_status(outcome: "SendOutcome", zone: "ZoneInfo", *, has_worker: bool) -> None:
    """Print where a send stands, and who is at it."""
    if print_json({**_result(outcome), "senders": outcome.others, "has_worker": has_worker}):
        return
    send = outcome.send
    say(f"{send.issue_id} {send.state.value}: {_states(outcome)}")
    show_schedule(send, zone, has_worker=has_worker)
    if send.state is SendState.SCHEDULED:
        return
    if outcome.others:
        note(f"At work: {counted(outcome.others, 'sender')}.")
    else:
        _show_next(outcome, has_worker=has_worker)


def show_reached(issue_id: str, reached: "tuple[Reached, ...]", tally: "Tally") -> None:
    """Tell who has an issue whose sending was cancelled, and what can be done for them."""
    if uncertain := tally.states.get(DeliveryState.UNCERTAIN, 0):
        note(f"{counted(uncertain, 'person')} may or may not have it.")
    if not reached:
        note("Nobody has it.")
        return
    languages = Counter[str]()
    for edition in reached:
        languages[edition.language] += edition.people
    each = ", ".join(f"{language}: {people}" for language, people in sorted(languages.items()))
    have = "has" if languages.total() == 1 else "have"
    note(f"{counted(languages.total(), 'person')} already {have} it ({each}).")
    note(f"If it was wrong: newsletter correct {issue_id} tells them, and nobody else.")


def show_gap(parts: "SendParts", issue_id: str) -> None:
    """Tell who else may have an issue, where the ledger is older than what was sent."""
    from newsletter.sending.witness import gap

    if unknown := gap(parts, issue_id):
        note(f"Others may have it too, and a correction would not reach them: {unknown}.")


def show_result(outcome: "SendOutcome", *, has_worker: bool = False) -> None:
    """Print how the send ended, and what to do next."""
    if print_json(_result(outcome)):
        return
    say(f"{outcome.send.issue_id} {outcome.send.state.value}: {_states(outcome)}")
    for remark in outcome.remarks:
        note(remark)
    _show_next(outcome, has_worker=has_worker)


def _result(outcome: "SendOutcome") -> dict[str, object]:
    return {
        "issue": outcome.send.issue_id,
        "state": outcome.send.state,
        "due_at": outcome.send.due_at,
        "audience": outcome.send.audience,
        "states": outcome.tally.states,
        "uncertain": len(outcome.uncertain),
    }


def _states(outcome: "SendOutcome") -> str:
    states = outcome.tally.states.items()
    return ", ".join(f"{n} {state.value}" for state, n in sorted(states)) or "nobody to send to"


def _show_next(outcome: "SendOutcome", *, has_worker: bool) -> None:
    issue_id, state = outcome.send.issue_id, outcome.send.state
    if state is SendState.RUNNING and outcome.others:
        note(f"Others go on with it: newsletter send {issue_id} --status shows how far they are.")
    elif state in (SendState.RUNNING, SendState.SCHEDULED) and has_worker:
        note(
            "A worker (newsletter work) goes on with it, or newsletter jobs says why not; "
            f"newsletter send {issue_id} --pause stops it."
        )
    elif state in (SendState.RUNNING, SendState.SCHEDULED, SendState.STOPPED):
        note("Nothing goes on by itself: run newsletter send again to continue.")
    elif state is SendState.PAUSED:
        note(f"newsletter send {issue_id} --resume continues.")
    if outcome.uncertain:
        note(
            f"{counted(len(outcome.uncertain), 'person')} may or may not have got it: newsletter "
            "audit lists them, and newsletter send --uncertain decides about them."
        )
    elif not outcome.needs_attention:
        note(f"Next: newsletter audit {outcome.send.issue_id}")
