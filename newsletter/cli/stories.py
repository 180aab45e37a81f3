"""`newsletter stories`: take, review, read back, list and withdraw submitted stories."""

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import emit_json, json_option, note, say, table
from newsletter.cli.story_consent import narrow, renew, withdraw
from newsletter.cli.story_input import today
from newsletter.cli.story_intake import import_story, take
from newsletter.cli.story_review import agreed, refuse, review, send_back_story
from newsletter.cli.workspace import open_workspace


@click.group(cls=Listed)
def stories() -> None:
    """Take, review and list submitted stories.

    A story is used only where its consent allows it, only until the day it ends, and only in the
    exact words the storyteller said yes to.
    """


for command in (
    take, import_story, review, send_back_story, agreed, refuse, withdraw, narrow, renew
):  # fmt: skip
    stories.add_command(command)


@stories.command("list")
@json_option
@click.pass_context
def list_stories(ctx: click.Context, as_json: bool) -> None:
    """List the stories: valid, expired or withdrawn, where they may go and what they need."""
    from newsletter.stories.consent.list_stories import list_stories as listed

    workspace = open_workspace(ctx)
    report = listed(workspace.consents, workspace.story_folder, today=today(workspace))
    if as_json:
        emit_json([row.as_mapping() for row in report.rows])
    else:
        columns = ["id", "state", "until", "languages", "channels", "needs"]
        table(columns, [row.cells() for row in report.rows])
    for problem in report.problems:
        note(f"{problem.place}: {problem.message}" + (f" ({problem.hint})" * bool(problem.hint)))
    for row in report.ending_soon:
        note(f"{row.id}: consent ends on {row.until}; ask the storyteller, or let it end")
    if report.problems:
        ctx.exit(1)


@stories.command()
@json_option
@click.pass_context
def inbox(ctx: click.Context, as_json: bool) -> None:
    """List the submissions that wait for a review: random ids and days, nothing else."""
    from newsletter.model.submission import SubmissionState

    rows = [
        {
            "id": one.id,
            "received": one.received_on.isoformat(),
            "language": one.language,
            "how": one.consent.method,
            "until": one.consent.expires_on.isoformat(),
        }
        for one in open_workspace(ctx).story_services.store.all()
        if one.state is SubmissionState.WAITING
    ]
    if as_json:
        emit_json(rows)
    else:
        columns = ["id", "received", "language", "how", "until"]
        table(columns, [[row[column] for column in columns] for row in rows])


@stories.command()
@click.option("--verify", is_flag=True, help="Exit 1 when something was edited or removed.")
@json_option
@click.pass_context
def log(ctx: click.Context, verify: bool, as_json: bool) -> None:
    """Show what happened to consents, and whether the record is whole."""
    from newsletter.stories.consent.story_log import read_log

    report = read_log(open_workspace(ctx).story_services)
    rows = [
        [event.on.isoformat(), event.record_id, event.kind.value, event.actor.value, event.note]
        for event in report.events
    ]
    columns = ["on", "record", "what", "who", "note"]
    if as_json:
        events = [dict(zip(columns, row, strict=True)) for row in rows]
        emit_json({"events": events, "faults": report.faults})
    elif not verify:
        table(columns, rows)
    for fault in report.faults:
        note(fault)
    note(f"{len(rows)} events, {len(report.faults) or 'no'} faults")
    if verify and report.faults:
        ctx.exit(1)


@stories.command()
@click.option("--dry-run", is_flag=True, help="Say what would go; remove nothing.")
@json_option
@click.pass_context
def purge(ctx: click.Context, dry_run: bool, as_json: bool) -> None:
    """Delete what was kept as long as was promised. Needs no key."""
    from newsletter.stories.consent.purge_stories import purge as empty

    workspace = open_workspace(ctx)
    done = empty(workspace.story_services, today=today(workspace), dry_run=dry_run)
    if not dry_run:
        workspace.striker.strike(workspace.consents.revocations())
    if as_json:
        emit_json(
            {"erased": done.erased, "withdrawn_again": done.withdrawn_again, "files": done.files}
        )
        return
    would = "would be " if dry_run else ""
    say(f"{len(done.erased)} submissions {would}emptied, {len(done.files)} files {would}removed.")
    if done.withdrawn_again:
        say(
            f"{len(done.withdrawn_again)} withdrawn ones, which the database still had,"
            f" {would}emptied."
        )
