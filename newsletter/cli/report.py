"""`newsletter report`."""

from typing import TYPE_CHECKING

import click

from newsletter.cli.groups import Listed
from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import counted, json_option, note, print_json, table
from newsletter.cli.send_output import show_schedule
from newsletter.cli.workspace import Workspace, pass_workspace

if TYPE_CHECKING:
    from newsletter.sending.results.report import Rates, Report


class _IssueUnlessNamed(Listed):
    """`report 2026-W47` and `report` alone mean `report issue`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["issue", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_IssueUnlessNamed)
def report() -> None:
    """Show how an issue went (report [ISSUE]), or which members were in the last ones."""


@report.command("issue", epilog="Example: newsletter report issue 2026-W47")
@issue_argument
@json_option
@pass_workspace
def issue_report(workspace: Workspace, issue: str | None) -> None:
    """Show how ISSUE (the latest send by default) went: by language, mail provider and reason.

    Readers are not tracked, so there are no opens and no clicks.
    """
    from newsletter.sending.results.report import report as run

    outcome = run(workspace.ledger, issue)
    if print_json(_data(outcome)):
        return
    send = outcome.send
    states = sorted(outcome.tally.states.items())
    table((f"audience {send.audience}", "people"), states, title=f"{send.issue_id}, {send.state}")
    show_schedule(send, workspace.config.coalition.zone, has_worker=workspace.sending.has_worker())
    _rates("language", outcome.results.languages)
    _rates("domain", outcome.results.domains)
    if outcome.results.reasons:
        table(("did not get it", "reason", "people"), outcome.results.reasons)
    if outcome.events:
        table(("reported later", "people"), sorted(outcome.events.items()))


def _rates(what: str, rates: "dict[str, Rates]") -> None:
    if rates:
        table(
            (what, "people", "arrived"),
            [(name, rate.people, f"{rate.arrived:.1%}") for name, rate in rates.items()],
        )


def _data(outcome: "Report") -> dict[str, object]:
    def rates(many: "dict[str, Rates]") -> dict[str, object]:
        return {
            name: {"people": rate.people, "arrived": round(rate.arrived, 4), "states": rate.states}
            for name, rate in many.items()
        }

    return {
        "issue": outcome.send.issue_id,
        "state": outcome.send.state,
        "due_at": outcome.send.due_at,
        "audience": outcome.send.audience,
        "states": outcome.tally.states,
        "exclusions": outcome.tally.exclusions,
        "languages": rates(outcome.results.languages),
        "domains": rates(outcome.results.domains),
        "reasons": [
            {"state": state, "reason": why, "people": n}
            for state, why, n in outcome.results.reasons
        ],
        "events": outcome.events,
    }


@report.command(epilog="Example: newsletter report balance --issues 4")
@click.option("--issues", default=8, show_default=True, help="Count this many of the last issues.")
@json_option
@pass_workspace
def balance(workspace: Workspace, issues: int) -> None:
    """Show which members were in the last issues, and which have something waiting."""
    from newsletter.issues.choosing.balance import balance as run

    outcome = run(
        workspace.issue_sources,
        workspace.issues,
        workspace.draft_rules,
        now=workspace.now(),
        issues=issues,
    )
    data = {
        "issues": outcome.issues,
        "top_three": round(outcome.top_three, 3),
        "turn_within": outcome.turn_within,
        "organisations": outcome.organisations,
    }
    if print_json(data):
        return
    table(
        ("organisation", "pieces", "share", "last in", "waiting"),
        [
            (member.name, member.pieces, f"{member.share:.0%}", _ago(member.absent), member.waiting)
            for member in outcome.organisations
        ],
        title=f"issues: {', '.join(outcome.issues) or 'none yet'}",
    )
    if outcome.issues:
        note(f"The three members used most had {outcome.top_three:.0%} of the pieces.")
    if outcome.turn_within:
        within = counted(outcome.turn_within, "issue")
        note(f"If all publish as they do now, everybody who waits has a turn within {within}.")
    elif outcome.turn_within is None:
        note("Some of what waits fits no section: newsletter items list --why")


def _ago(absent: int | None) -> str:
    if absent is None:
        return "never"
    if absent == 0:
        return "the last issue"
    return f"{absent + 1} issues ago"
