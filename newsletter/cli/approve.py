"""`newsletter approve`."""

import click

from newsletter.cli.check import checked, no_links_option, show_problem
from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import emit_json, exit_1_if, json_option, note, say
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command(epilog="Example: newsletter approve --as Rosa")
@issue_argument
@click.option(
    "--as",
    "editor",
    envvar="NEWSLETTER_EDITOR",
    default="",
    help="Your name, as [[editors]] has it (or NEWSLETTER_EDITOR).",
)
@no_links_option
@json_option
@pass_workspace
def approve(
    workspace: Workspace, issue: str | None, editor: str, no_links: bool, as_json: bool
) -> None:
    """Say yes to ISSUE (this week's when left out), exactly as its drafts render now.

    Any change to a draft, a picture or the design afterwards voids the yes. Exits with 1 while
    more people have to approve.
    """
    from newsletter.issues.approve import approve as run

    now = workspace.now()
    judged = checked(workspace, issue, now, no_links=no_links)
    outcome = run(
        judged,
        workspace.issues,
        workspace.items,
        workspace.approval_rules,
        editor=editor,
        now=now,
    )
    at = outcome.standing
    if as_json:
        emit_json(
            {
                "issue": outcome.issue_id,
                "digest": at.digest,
                "approved_by": at.editors,
                "wanting": at.wanting,
                "voided": outcome.voided,
            }
        )
    else:
        for problem in outcome.warnings:
            show_problem(problem, err=True)
        for line in outcome.voided:
            note(f"an earlier yes is void: {line}")
        say(f"{outcome.issue_id}: approved by {', '.join(at.editors)} ({at.digest[:12]})")
        if at.wanting:
            note(f"{at.wanting} more to approve: newsletter approve {outcome.issue_id} --as NAME")
        else:
            note(f"it may be sent: newsletter send {outcome.issue_id}")
    exit_1_if(at.wanting)
