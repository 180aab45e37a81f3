"""`newsletter correct`."""

import click

from newsletter.cli.issue_id import IssueId
from newsletter.cli.output import counted, json_option, note, print_json, say
from newsletter.cli.send_output import show_gap
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command(epilog="Example: newsletter correct 2026-W47")
@click.argument("issue", type=IssueId())
@json_option
@pass_workspace
def correct(workspace: Workspace, issue: str) -> None:
    """Draft a correction of ISSUE, to those who got it with the mistake and nobody else.

    First put the right words into the drafts of ISSUE itself. The correction says what differs
    from what people got; it is checked, approved and sent like a bulletin. When it is sent, the
    archive shows ISSUE with the right words, and above them the date and what was wrong.
    """
    from newsletter.sending.correct import correct as run
    from newsletter.sending.send_plan import told_words

    outcome = run(
        workspace.issue_sources, told_words(workspace.sending), issue, now=workspace.now()
    )
    data = {
        "issue": outcome.issue_id,
        "corrects": outcome.corrects,
        "files": outcome.files,
        "written": outcome.written,
        "people": outcome.people,
    }
    if print_json(data):
        return
    for path in outcome.files:
        is_new = path in outcome.written
        say(path if is_new else f"{path}: was there already, and is left as it is")
    for language, people in sorted(outcome.people.items()):
        note(f"  {language}: {counted(people, 'person')} got {issue} with other words")
    show_gap(workspace.sending, issue)
    note(
        f"Say in each what was wrong, then: newsletter check {outcome.issue_id}, approve it, and "
        f"newsletter send {outcome.issue_id}"
    )
