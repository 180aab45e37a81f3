"""`newsletter stories`: take, review, read back, list and withdraw submitted stories."""

from datetime import UTC, datetime

import click

from newsletter.cli.output import emit_json, json_option, note, table
from newsletter.cli.workspace import open_workspace


@click.group()
def stories() -> None:
    """Take, review and list submitted stories.

    A story is used only where its consent allows it, only until the day it ends, and only in the
    exact words the storyteller said yes to.
    """


@stories.command("list")
@json_option
@click.pass_context
def list_stories(ctx: click.Context, as_json: bool) -> None:
    """List the stories: valid, expired or withdrawn, where they may go and until when."""
    from newsletter.workflow.list_stories import list_stories as listed

    workspace = open_workspace(ctx)
    report = listed(workspace.consents, workspace.story_folder, now=datetime.now(UTC))
    if as_json:
        emit_json([row.as_mapping() for row in report.rows])
    else:
        table(
            ["id", "state", "until", "languages", "channels", "needs"],
            [row.cells() for row in report.rows],
        )
    for problem in report.problems:
        note(f"{problem.place}: {problem.message}" + (f" ({problem.hint})" * bool(problem.hint)))
    for row in report.ending_soon:
        note(f"{row.id}: consent ends on {row.until}; ask the storyteller or let it end")
    if report.problems:
        ctx.exit(1)
