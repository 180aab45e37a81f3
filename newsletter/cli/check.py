"""`newsletter check`."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import counted, exit_1_if, flag, json_option, note, print_json, say
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.model.problem import Problem, Severity

if TYPE_CHECKING:
    from newsletter.issues.checking.check import CheckOutcome


no_links_option = flag("--no-links", help="Do not test links or look at the items' sources again.")


@click.command(epilog="Example: newsletter check 2026-W47")
@issue_argument
@no_links_option
@json_option
@pass_workspace
def check(workspace: Workspace, issue: str | None, no_links: bool) -> None:
    """Find problems in ISSUE (this week's by default).

    Blocking problems must be fixed before anyone can approve; warnings are for you to judge. The
    exit code is 1 while something blocks.
    """
    from newsletter.issues.approve import approval_status

    outcome = checked(workspace, issue, workspace.now(), no_links=no_links, with_slips=True)
    approval = approval_status(workspace.issues, workspace.approval_rules, outcome.editions)
    voided = () if approval.editors else approval.voided
    data = {
        "issue": outcome.issue_id,
        "problems": [problem_row(problem) for problem in outcome.problems],
        "approved_by": approval.editors,
        "voided": voided,
    }
    if not print_json(data):
        for problem in outcome.problems:
            show_problem(problem)
        blocking = counted(len(outcome.blocking), "blocking problem")
        warnings = counted(len(outcome.problems) - len(outcome.blocking), "warning")
        note(f"{outcome.issue_id}: {blocking}, {warnings}")
        for line in voided:
            note(f"An earlier approval no longer counts: {line}")
        if approval.editors:
            note(f"Approved by {', '.join(approval.editors)}")
        elif outcome.blocking:
            note(f"Fix the blocking problems, then run: newsletter check {outcome.issue_id}")
        else:
            note(f"Next: newsletter preview {outcome.issue_id}")
    exit_1_if(outcome.blocking)


def problem_row(problem: Problem) -> dict[str, object]:
    """Return a problem as `print_json` prints it."""
    keys = ("severity", "code", "file", "line", "message", "hint")
    return {key: getattr(problem, key) for key in keys}


def show_problem(problem: Problem, *, err: bool = False) -> None:
    """Print `file:line: blocks: what is wrong`, with the hint under it."""
    place = f"{problem.place}: " if problem.place else ""
    word = "blocks" if problem.severity is Severity.BLOCKS else "warning"
    tell = note if err else say
    tell(f"{place}{word}: {problem.message} [{problem.code}]")
    if problem.hint:
        tell(f"    {problem.hint}")


def checked(
    workspace: Workspace,
    issue: str | None,
    now: datetime,
    *,
    no_links: bool,
    with_slips: bool = False,
) -> "CheckOutcome":
    """Check the issue (this week's by default) by this workspace's rules.

    Slips never block, and the dictionaries take time to load: only who asks has them.
    """
    from newsletter.issues.checking.check import check, this_issue

    return check(
        workspace.issue_sources,
        workspace.issues,
        issue or this_issue(workspace.issue_sources, now),
        now=now,
        rotation_issues=workspace.config.issue.rotation_issues,
        right_words=workspace.config.check.words if with_slips else None,
        asker=None if no_links else workspace.fetcher(),
        rechecking=None if no_links else workspace.rechecking(),
    )
