"""`newsletter approve`."""

import click

from newsletter.cli.check import checked, no_links_option, show_problem
from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import counted, exit_1_if, json_option, note, print_json, say
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command(epilog="Example: newsletter approve --as Rosa")
@issue_argument
@click.option(
    "--as",
    "editor",
    envvar="NEWSLETTER_EDITOR",
    default="",
    help="Your name, as in [[editors]] (or set NEWSLETTER_EDITOR).",
)
@no_links_option
@json_option
@pass_workspace
def approve(workspace: Workspace, issue: str | None, editor: str, no_links: bool) -> None:
    """Approve ISSUE (this week's by default), exactly as its drafts look now.

    After any later change to a draft, a picture or the design the approval no longer counts. The
    exit code is 1 while more people need to approve.
    """
    from newsletter.issues.approve import approve as run

    now = workspace.now()
    judged = checked(workspace, issue, now, no_links=no_links)
    at = run(judged, workspace.issues, workspace.approval_rules, editor=editor, now=now)
    data = {
        "issue": judged.issue_id,
        "digest": at.digest,
        "approved_by": at.editors,
        "wanting": at.wanting,
        "voided": at.voided,
    }
    if not print_json(data):
        for problem in judged.problems:
            show_problem(problem, err=True)
        for line in at.voided:
            note(f"An earlier approval no longer counts: {line}")
        say(f"{judged.issue_id}: approved by {', '.join(at.editors)} ({at.digest[:12]})")
        if at.wanting:
            more = counted(at.wanting, "more approval")
            note(f"{more} needed: newsletter approve {judged.issue_id} --as NAME")
        else:
            note(f"Next: newsletter send {judged.issue_id}")
    exit_1_if(at.wanting)
