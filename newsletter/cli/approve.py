"""`newsletter approve`."""

from datetime import UTC, datetime

import click

from newsletter.cli.check import checked, show_problem
from newsletter.cli.issue_id import ISSUE
from newsletter.cli.output import emit_json, json_option, note, say
from newsletter.cli.workspace import open_workspace


@click.command(epilog="Example: newsletter approve --as Rosa")
@click.argument("issue", required=False, type=ISSUE)
@click.option(
    "--as",
    "editor",
    envvar="NEWSLETTER_EDITOR",
    default="",
    help="Your name, as [[editors]] has it (or NEWSLETTER_EDITOR).",
)
@click.option("--no-links", is_flag=True, help="Do not try links, nor ask the sources again.")
@json_option
@click.pass_context
def approve(
    ctx: click.Context, issue: str | None, editor: str, no_links: bool, as_json: bool
) -> None:
    """Say yes to ISSUE (this week's when left out), exactly as its drafts render now.

    Any change to a draft, a picture or the design afterwards voids the yes. Exits with 1 while
    more people have to approve.
    """
    from newsletter.issues.approve import approve as run

    workspace = open_workspace(ctx)
    now = datetime.now(UTC)
    judged = checked(workspace, issue, now, no_links=no_links)
    at = run(
        judged,
        workspace.issues,
        workspace.approval_rules,
        editor=editor,
        now=now,
    )
    if as_json:
        emit_json(
            {
                "issue": judged.issue_id,
                "digest": at.digest,
                "approved_by": at.editors,
                "wanting": at.wanting,
                "voided": at.voided,
            }
        )
    else:
        for problem in judged.problems:
            show_problem(problem, err=True)
        for line in at.voided:
            note(f"an earlier yes is void: {line}")
        say(f"{judged.issue_id}: approved by {', '.join(at.editors)} ({at.digest[:12]})")
        if at.wanting:
            note(f"{at.wanting} more to approve: newsletter approve {judged.issue_id} --as NAME")
        else:
            note(f"it may be sent: newsletter send {judged.issue_id}")
    if at.wanting:
        ctx.exit(1)
