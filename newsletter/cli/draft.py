"""`newsletter draft`."""

from datetime import UTC, datetime

import click

from newsletter.cli.output import emit_json, json_option, note
from newsletter.cli.workspace import open_workspace


@click.command()
@click.argument("issue", required=False)
@click.option(
    "--on",
    "sends_on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day it will be sent: consents are judged on it.",
)
@json_option
@click.pass_context
def draft(ctx: click.Context, issue: str | None, sends_on: datetime | None, as_json: bool) -> None:
    """Write the drafts of ISSUE (this week's when left out), one text file a language.

    Run again, it adds what is new under a heading of its own and changes nothing else.
    """
    from newsletter.workflow.draft import draft as run

    workspace = open_workspace(ctx)
    outcome = run(
        workspace.issue_sources,
        workspace.issues,
        workspace.draft_rules,
        now=datetime.now(UTC),
        issue_id=issue,
        sends_on=sends_on.date() if sends_on else None,
    )
    if as_json:
        emit_json(
            {
                "issue": outcome.issue_id,
                "sends_on": outcome.sends_on,
                "files": [
                    {
                        "path": file.path,
                        "language": file.language,
                        "is_new": file.is_new,
                        "added": file.added,
                        "untranslated": file.untranslated,
                    }
                    for file in outcome.files
                ],
            }
        )
        return
    for file in outcome.files:
        waiting = f", {file.untranslated} to translate" if file.untranslated else ""
        verb = "written" if file.is_new else "added" if file.added else "nothing new"
        click.echo(f"{file.path}: {verb}, {file.added} pieces{waiting}")
    note(f"Edit the files, then: newsletter check {outcome.issue_id}")
