"""`newsletter approve`."""

from pathlib import Path

import click

from newsletter.cli.check import checked, no_links_option, show_problem
from newsletter.cli.completing import editors
from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import counted, exit_1_if, json_option, note, print_json, repeatable, say
from newsletter.cli.story_input import identity_option, unlocked
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command(epilog="Example: newsletter approve --as Rosa")
@issue_argument
@click.option(
    "--as",
    "editor",
    envvar="NEWSLETTER_EDITOR",
    shell_complete=editors,
    default="",
    help="Your name, as in [[editors]] (or set NEWSLETTER_EDITOR).",
)
@identity_option
@click.option(
    "--overrule",
    metavar="REASON",
    default="",
    help="Go on in spite of words that a story has too, or of stories nobody could compare; "
    "the reason is recorded.",
)
@repeatable("--without", "without", help="Leave out an edition (en) that was approved before.")
@no_links_option
@json_option
@pass_workspace
def approve(
    workspace: Workspace,
    issue: str | None,
    editor: str,
    identity: Path,
    overrule: str,
    without: tuple[str, ...],
    no_links: bool,
) -> None:
    """Approve ISSUE (this week's by default), exactly as its drafts look now.

    What leaves is compared with every story. Your key, where there is one, opens what storytellers
    told in memory, to compare also stories that wait for a review and words that were cut.

    After any later change to a draft, a picture or the design the approval no longer counts. The
    exit code is 1 while more people need to approve.
    """
    from newsletter.issues.approve import approve as run
    from newsletter.issues.compare_stories import compare_stories

    now, rules = workspace.now(), workspace.approval_rules
    rules.editor_named(editor)
    found = compare_stories(
        workspace.story_services,
        workspace.issues,
        checked(workspace, issue, now, no_links=no_links),
        unlock=(lambda: unlocked(identity)) if identity.exists() else None,
        overrule=overrule,
        today=workspace.today(),
    )
    judged = found.checked
    at = run(
        judged,
        workspace.issues,
        rules,
        editor=editor,
        now=now,
        compared=found.compared,
        overruled=found.overruled,
        without=without,
        sent=workspace.ledger.find(judged.issue_id),
    )
    data = {
        "issue": judged.issue_id,
        "digest": at.digest,
        "approved_by": at.editors,
        "wanting": at.wanting,
        "voided": at.voided,
        "compared": found.compared,
        "overruled": found.overruled,
    }
    if not print_json(data):
        for problem in judged.problems:
            show_problem(problem, err=True)
        for line in at.voided:
            note(f"An earlier approval no longer counts: {line}")
        say(f"{judged.issue_id}: approved by {', '.join(at.editors)} ({at.digest[:12]})")
        if found.compared:
            note(f"Compared with {counted(len(found.compared), 'sealed story')}, opened in memory.")
        if found.overruled:
            note(f"Recorded: {found.overruled}")
        if at.wanting:
            more = counted(at.wanting, "more approval")
            note(f"{more} needed: newsletter approve {judged.issue_id} --as NAME")
        else:
            note(f"Next: newsletter send {judged.issue_id}")
    exit_1_if(at.wanting)
