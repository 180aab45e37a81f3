"""What `newsletter send` shows: the plan before it asks, the question, and the result."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.cli.output import counted, note, print_json, say
from newsletter.model.delivery import DeliveryState

if TYPE_CHECKING:
    from newsletter.model.delivery import Tally
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
    when = "" if starts is None else f" on {starts:%A, %Y-%m-%d at %H:%M %Z}"
    return f"{verb} {plan.issue_id} to {people} through {transport}{when}?"


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


def show_result(outcome: "SendOutcome") -> None:
    """Print how the send ended, and what to do next."""
    data = {
        "issue": outcome.send.issue_id,
        "state": outcome.send.state,
        "audience": outcome.send.audience,
        "states": outcome.tally.states,
        "uncertain": len(outcome.uncertain),
    }
    if print_json(data):
        return
    states = ", ".join(f"{n} {state.value}" for state, n in sorted(outcome.tally.states.items()))
    say(f"{outcome.send.issue_id} {outcome.send.state.value}: {states or 'nobody to send to'}")
    for remark in outcome.remarks:
        note(remark)
    if outcome.uncertain:
        note(
            f"{counted(len(outcome.uncertain), 'person')} may or may not have got it: newsletter "
            "audit lists them, and newsletter send --uncertain decides about them."
        )
    elif not outcome.needs_attention:
        note(f"Next: newsletter audit {outcome.send.issue_id}")
