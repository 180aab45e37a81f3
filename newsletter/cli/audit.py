"""`newsletter audit`."""

import click

from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import emit_json, exit_1_if, json_option, note, say, table
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import UsageError


@click.command()
@issue_argument
@json_option
@pass_workspace
def audit(workspace: Workspace, issue: str | None, as_json: bool) -> None:
    """Prove that each person of ISSUE (the latest send when left out) is accounted for.

    Exit 0 only when candidates = audience + exclusions and every row adds up.
    """
    from newsletter.sending.results.audit import audit as run
    from newsletter.sending.witness import gap

    parts = workspace.sending
    if issue is None:
        latest = parts.ledger.latest()
        if latest is None:
            raise UsageError("nothing was ever sent", hint="newsletter send sends what is approved")
        issue = latest.issue_id
    unknown = str(gap(parts, issue) or "")
    found = run(parts.ledger, parts.tallies, issue, unknown=unknown)
    went_on = parts.witness.read(issue).went_on
    if as_json:
        emit_json(
            {
                "issue": issue,
                "state": found.send.state,
                "holds": found.holds,
                "candidates": found.send.candidates,
                "audience": found.send.audience,
                "excluded": found.send.excluded,
                "states": found.tally.states,
                "exclusions": found.tally.exclusions,
                "problems": found.problems,
                "uncertain": [
                    {
                        "delivery": unsure.delivery_id,
                        "address": unsure.address,
                        "since": unsure.since,
                        "evidence": unsure.reason,
                    }
                    for unsure in found.uncertain
                ],
                "settled": [
                    {
                        "delivery": settled.delivery_id,
                        "became": settled.became,
                        "evidence": settled.evidence,
                        "by": settled.decided_by,
                        "at": settled.at,
                    }
                    for settled in found.settlements
                ],
                "went_on": [
                    {"by": choice.by, "at": choice.at, "people": choice.people}
                    for choice in went_on
                ],
            }
        )
    else:
        rows = [["candidates", str(found.send.candidates)]]
        rows += [["audience", str(found.tally.audience)]]
        rows += [[f"  {state.value}", str(n)] for state, n in sorted(found.tally.states.items())]
        rows += [["excluded", str(found.tally.excluded)]]
        rows += [[f"  {why.value}", str(n)] for why, n in sorted(found.tally.exclusions.items())]
        table(["", "people"], rows, title=f"{issue}, {found.send.state.value}")
        if found.uncertain:
            table(
                ["uncertain", "since", "what is known"],
                [
                    [u.address or "(left since)", f"{u.since:%Y-%m-%d %H:%M} UTC", u.reason]
                    for u in found.uncertain
                ],
            )
        if found.settlements:
            table(
                ["settled as", "people", "evidence", "by"],
                _grouped([(s.became.value, s.evidence, s.decided_by) for s in found.settlements]),
            )
        for choice in went_on:
            say(
                f"went on with an older ledger on {choice.at:%Y-%m-%d %H:%M} UTC: "
                f"{choice.by}; {choice.people} people may have got it twice"
            )
        for problem in found.problems:
            say(f"does not add up: {problem}")
        if found.holds:
            note("The sums hold: everyone is accounted for.")
    exit_1_if(not found.holds)


def _grouped(settled: list[tuple[str, str, str]]) -> list[list[str]]:
    counts: dict[tuple[str, str, str], int] = {}
    for each in settled:
        counts[each] = counts.get(each, 0) + 1
    return [[became, str(n), evidence, by] for (became, evidence, by), n in counts.items()]
