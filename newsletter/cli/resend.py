"""`newsletter resend`."""

import click

from newsletter.cli.issue_id import IssueId
from newsletter.cli.output import confirm, counted, flag, json_option, note, print_json, yes_option
from newsletter.cli.send import by_option
from newsletter.cli.send_run import send_now
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command(epilog="Example: newsletter resend 2026-W47 --by Ana")
@click.argument("issue", type=IssueId())
@flag("--dry-run", help="Show who would get it; send nothing.")
@flag("--uncertain", help="Also to those who may have got it: they could get it twice.")
@by_option
@yes_option
@json_option
@pass_workspace
def resend(
    workspace: Workspace, issue: str, dry_run: bool, uncertain: bool, by: str, yes: bool
) -> None:
    """Send ISSUE once more to those whose copy was refused or bounced, and who can be mailed now.

    For a mail server that was set up wrongly, or addresses that were mended since. Nobody who got
    it gets it again. If ISSUE was corrected, they get the right words.
    """
    from newsletter.model.delivery import DeliveryState
    from newsletter.sending import resend as verb
    from newsletter.sending.send_plan import age, approved

    parts = workspace.sending
    approved(parts, issue)  # before anybody is promised anything
    among = (*verb.NEVER_GOT_IT, *([DeliveryState.UNCERTAIN] if uncertain else []))
    choice = verb.who_missed(parts, issue, among, dry_run=dry_run)
    data = {
        "issue": issue,
        "people": len(choice.people),
        "reasons": [
            {"state": state, "code": code, "people": people}
            for (state, code), people in sorted(choice.counts.items())
        ],
        "left_out": choice.barred,
    }
    for (state, code), people in sorted(choice.counts.items()):
        note(f"  {state.value}{f' ({code})' if code else ''}: {counted(people, 'person')}")
    for why, people in sorted(choice.barred.items()):
        note(f"  left out, {why}: {counted(people, 'person')}")
    for warning in age(parts, issue):
        note(f"Warning: {warning}")
    if dry_run or not choice.people:
        if not print_json(data):
            note(f"{counted(len(choice.people), 'person')} could get {issue} now.")
        return
    question = f"Send {issue} again to {counted(len(choice.people), 'person')} who never got it?"
    if by:  # else it is refused
        confirm(question, yes=yes)
    verb.try_again(parts, choice, by=by)
    send_now(workspace, issue)
