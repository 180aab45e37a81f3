"""`newsletter report`."""

from typing import TYPE_CHECKING

import click

from newsletter.cli.issue_id import ISSUE
from newsletter.cli.output import emit_json, json_option, table
from newsletter.cli.workspace import open_workspace

if TYPE_CHECKING:
    from newsletter.reports.results import Rates
    from newsletter.workflow.report import Report


@click.command()
@click.argument("issue", required=False, type=ISSUE)
@json_option
@click.pass_context
def report(ctx: click.Context, issue: str | None, as_json: bool) -> None:
    """Show how ISSUE (the latest send when left out) went: languages, domains, reasons.

    Nobody who reads is followed, so there are no opens and no clicks.
    """
    from newsletter.workflow.report import report as run

    parts = open_workspace(ctx).sending
    found = run(parts.ledger, parts.tallies, parts.events, issue)
    if as_json:
        emit_json(_data(found))
        return
    send = found.send
    rows = [[state.value, str(count)] for state, count in sorted(found.tally.states.items())]
    table([f"audience {send.audience}", "people"], rows, title=f"{send.issue_id}, {send.state}")
    _rates("language", found.results.languages)
    _rates("domain", found.results.domains)
    if found.results.reasons:
        reasons = [[state.value, why, str(n)] for state, why, n in found.results.reasons]
        table(["did not get it", "reason", "people"], reasons)
    if found.events:
        table(
            ["told afterwards", "people"],
            [[kind.value, str(count)] for kind, count in sorted(found.events.items())],
        )


def _rates(what: str, rates: "dict[str, Rates]") -> None:
    if rates:
        table(
            [what, "people", "arrived"],
            [[name, str(one.people), f"{one.arrived:.1%}"] for name, one in rates.items()],
        )


def _data(found: "Report") -> dict[str, object]:
    def rates(many: "dict[str, Rates]") -> dict[str, object]:
        return {
            name: {"people": one.people, "arrived": round(one.arrived, 4), "states": one.states}
            for name, one in many.items()
        }

    return {
        "issue": found.send.issue_id,
        "state": found.send.state,
        "audience": found.send.audience,
        "states": found.tally.states,
        "exclusions": found.tally.exclusions,
        "languages": rates(found.results.languages),
        "domains": rates(found.results.domains),
        "reasons": [
            {"state": state, "reason": why, "people": n} for state, why, n in found.results.reasons
        ],
        "events": found.events,
    }
