"""`newsletter stories`: take, review, read back, list and withdraw submitted stories."""

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import (
    counted,
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    print_rows,
    say,
    table,
)
from newsletter.cli.story_consent import narrow, renew, withdraw
from newsletter.cli.story_intake import import_story, show_notice, take
from newsletter.cli.story_letters import contact, messages, note_letters, write
from newsletter.cli.story_review import agreed, refuse, review, send_back_story
from newsletter.cli.workspace import Workspace, pass_workspace


@click.group(cls=Listed)
def stories() -> None:
    """Take, review and list submitted stories.

    A story is used only where its consent allows it, only until the consent ends, and only in the
    exact words the storyteller agreed to.
    """


for command in (
    take, import_story, show_notice, review, contact, send_back_story, agreed, messages, write,
    refuse, withdraw, narrow, renew,
):  # fmt: skip
    stories.add_command(command)


@stories.command("list", epilog="Example: newsletter stories list")
@json_option
@pass_workspace
def list_stories(workspace: Workspace) -> None:
    """List the stories: valid or expired, where each may appear, and what it still needs."""
    from newsletter.stories.consent.list_stories import list_stories as listed

    report = listed(workspace.consents, workspace.story_folder, today=workspace.today())
    if not print_json(report.rows):
        columns = ("id", "state", "until", "languages", "channels", "needs")
        table(columns, [row.cells() for row in report.rows])
    for problem in report.problems:
        note(f"{problem.place}: {problem.message}" + (f" ({problem.hint})" * bool(problem.hint)))
    for row in report.ending_soon:
        note(f"{row.id}: consent ends on {row.until}. Ask the storyteller, or let it end.")
    note_letters(workspace)
    exit_1_if(report.problems)


@stories.command(epilog="Example: newsletter stories inbox")
@json_option
@pass_workspace
def inbox(workspace: Workspace) -> None:
    """List the submissions that wait for a review, by random id and day only."""
    from newsletter.model.submission import SubmissionState

    columns = ("id", "received", "language", "how", "until")
    rows = [
        (one.id, one.received_on, one.language, one.consent.method, one.consent.expires_on)
        for one in workspace.story_services.store.all()
        if one.state is SubmissionState.WAITING
    ]
    print_rows(columns, rows)
    for one in workspace.unfinished_interviews.ids():
        note(f"A story was not finished: newsletter stories take --resume {one}")
    note_letters(workspace)


@stories.command(epilog="Example: newsletter stories log --verify")
@flag("--verify", help="Only check it; exit code 1 if something was changed.")
@json_option
@pass_workspace
def log(workspace: Workspace, verify: bool) -> None:
    """Show what happened to consents, and whether the record is complete."""
    from newsletter.stories.consent.story_log import read_log

    report = read_log(workspace.story_services)
    rows = [
        (event.on, event.record_id, event.kind, event.actor, event.told) for event in report.events
    ]
    columns = ("on", "record", "what", "who", "note")
    events = [dict(zip(columns, row, strict=True)) for row in rows]
    if not print_json({"events": events, "faults": report.faults}) and not verify:
        table(columns, rows)
    for fault in report.faults:
        note(fault)
    note(f"{counted(len(rows), 'event')}, {counted(len(report.faults), 'problem')}")
    exit_1_if(verify and report.faults)


@stories.command(epilog="Example: newsletter stories purge --dry-run")
@flag("--dry-run", help="Show what would be deleted; delete nothing.")
@json_option
@pass_workspace
def purge(workspace: Workspace, dry_run: bool) -> None:
    """Delete stories and contacts whose promised time is over.

    Needs no key. Run it daily.
    """
    from newsletter.jobs.purge import purge_stories

    done, still = purge_stories(workspace, dry_run=dry_run)
    for place in still:
        note(f"The words of a withdrawn story still stand in {place}")
    if print_json(done):
        exit_1_if(still)
        return
    verb = "Would delete" if dry_run else "Deleted"
    submissions, files = counted(len(done.erased), "submission"), counted(len(done.files), "file")
    say(f"{verb} the contents of {submissions}, and {files}.")
    if done.withdrawn_again:
        again = counted(len(done.withdrawn_again), "withdrawn submission")
        say(f"{verb} the contents of {again} that the database still had.")
    exit_1_if(still)
