"""`newsletter audit`."""

from collections import Counter
from typing import TYPE_CHECKING

import click

from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import (
    counted,
    exit_1_if,
    json_option,
    minute,
    note,
    print_json,
    say,
    table,
)
from newsletter.cli.send_output import show_schedule
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.model.witness import WentOn

if TYPE_CHECKING:
    from newsletter.sending.results.audit import Audit


@click.command(epilog="Example: newsletter audit 2026-W47")
@issue_argument
@json_option
@pass_workspace
def audit(workspace: Workspace, issue: str | None) -> None:
    """Prove that each person of ISSUE (the latest send by default) is accounted for.

    The exit code is 0 only if candidates = audience + exclusions and every row adds up.
    """
    from newsletter.sending.results.audit import audit as run
    from newsletter.sending.send_control import sent_last
    from newsletter.sending.witness import gap

    parts = workspace.sending
    issue = issue or sent_last(parts)
    unknown = str(gap(parts, issue) or "")
    outcome = run(parts, issue, unknown=unknown)
    went_on = parts.witness.read(issue).went_on
    if not print_json(_data(outcome, went_on)):
        _show(outcome, went_on)
        show_schedule(outcome.send, parts.coalition.zone, has_worker=parts.has_worker())
    exit_1_if(not outcome.holds)


def _data(outcome: "Audit", went_on: tuple[WentOn, ...]) -> dict[str, object]:
    return {
        "issue": outcome.send.issue_id,
        "state": outcome.send.state,
        "due_at": outcome.send.due_at,
        "corrects": outcome.send.corrects,
        "holds": outcome.holds,
        "candidates": outcome.send.candidates,
        "audience": outcome.send.audience,
        "excluded": outcome.send.excluded,
        "states": outcome.tally.states,
        "exclusions": outcome.tally.exclusions,
        "problems": outcome.problems,
        "uncertain": [
            {
                "delivery": u.delivery_id,
                "address": u.address,
                "since": u.since,
                "evidence": u.reason,
            }
            for u in outcome.uncertain
        ],
        "settled": [
            {
                "delivery": settled.delivery_id,
                "became": settled.became,
                "evidence": settled.evidence,
                "by": settled.decided_by,
                "at": settled.at,
            }
            for settled in outcome.settlements
        ],
        "went_on": went_on,
    }


def _show(outcome: "Audit", went_on: tuple[WentOn, ...]) -> None:
    tally = outcome.tally
    rows: list[tuple[str, int]] = [
        ("candidates", outcome.send.candidates),
        ("audience", tally.audience),
        *((f"  {state}", count) for state, count in sorted(tally.states.items())),
        ("excluded", tally.excluded),
        *((f"  {reason}", count) for reason, count in sorted(tally.exclusions.items())),
    ]
    corrects = f", corrects {outcome.send.corrects}" if outcome.send.corrects else ""
    table(("", "people"), rows, title=f"{outcome.send.issue_id}, {outcome.send.state}{corrects}")
    if outcome.uncertain:
        table(
            ("uncertain", "since", "what is known"),
            [(u.address or "(left since)", minute(u.since), u.reason) for u in outcome.uncertain],
        )
    if outcome.settlements:
        counts = Counter((s.became, s.evidence, s.decided_by) for s in outcome.settlements)
        table(
            ("settled as", "people", "evidence", "decided by"),
            [(became, count, evidence, by) for (became, evidence, by), count in counts.items()],
        )
    for choice in went_on:
        people = f"at least {counted(choice.people, 'person')}" if choice.people else "some"
        say(
            f"continued with an older ledger on {minute(choice.at)}: "
            f"{choice.by}; {people} may have got it twice"
        )
    for problem in outcome.problems:
        say(f"does not add up: {problem}")
    if outcome.holds:
        note("It adds up: everyone is accounted for.")
