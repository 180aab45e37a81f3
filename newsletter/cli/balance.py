"""`newsletter report balance`."""

import click

from newsletter.cli.output import emit_json, json_option, note, table
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command(epilog="Example: newsletter report balance --issues 4")
@click.option(
    "--issues", default=8, show_default=True, help="Look at this many of the last issues."
)
@json_option
@pass_workspace
def balance(workspace: Workspace, issues: int, as_json: bool) -> None:
    """Show which members were in the last issues, and which have something waiting."""
    from newsletter.issues.choosing.balance import balance as run

    report = run(
        workspace.issue_sources,
        workspace.issues,
        workspace.draft_rules,
        now=workspace.now(),
        issues=issues,
    )
    if as_json:
        emit_json(
            {
                "issues": report.issues,
                "top_three": round(report.top_three, 3),
                "organisations": report.organisations,
            }
        )
        return
    table(
        ("organisation", "pieces", "share", "last in", "waiting"),
        [
            (one.name, one.pieces, f"{one.share:.0%}", _ago(one.absent), one.waiting)
            for one in report.organisations
        ],
        title=f"issues: {', '.join(report.issues) or 'none yet'}",
    )
    if report.issues:
        note(f"The three members used most had {report.top_three:.0%} of the pieces.")


def _ago(absent: int | None) -> str:
    if absent is None:
        return "never"
    if absent == 0:
        return "the last issue"
    return f"{absent + 1} issues ago"
