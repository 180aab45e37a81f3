"""`newsletter check`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli.issue_id import ISSUE
from newsletter.cli.output import emit_json, json_option, note, say
from newsletter.cli.workspace import open_workspace
from newsletter.model.problem import Problem, Severity

if TYPE_CHECKING:
    from newsletter.issues.checking.check import CheckOutcome
    from newsletter.wiring import Workspace


@click.command()
@click.argument("issue", required=False, type=ISSUE)
@click.option("--no-links", is_flag=True, help="Do not try links, nor ask the sources again.")
@json_option
@click.pass_context
def check(ctx: click.Context, issue: str | None, no_links: bool, as_json: bool) -> None:
    """Find what is wrong with ISSUE (this week's when left out).

    What blocks has to be mended before anybody can approve; a warning is yours to judge. Exits
    with 1 when something blocks.
    """
    from newsletter.issues.approve import approval_status

    workspace = open_workspace(ctx)
    outcome = checked(workspace, issue, datetime.now(UTC), no_links=no_links)
    approval = approval_status(workspace.issues, workspace.approval_rules, outcome.editions)
    voided = () if approval.editors else approval.voided
    if as_json:
        emit_json(
            {
                "issue": outcome.issue_id,
                "problems": [problem_row(one) for one in outcome.problems],
                "approved_by": approval.editors,
                "voided": voided,
            }
        )
    else:
        for problem in outcome.problems:
            show_problem(problem)
        warnings = len(outcome.problems) - len(outcome.blocking)
        note(f"{outcome.issue_id}: {len(outcome.blocking)} block, {warnings} warn")
        for line in voided:
            note(f"an earlier yes is void: {line}")
        if approval.editors:
            note(f"approved by {', '.join(approval.editors)}")
        elif outcome.blocking:
            note(f"Mend what blocks, then again: newsletter check {outcome.issue_id}")
        else:
            note(f"Next: newsletter preview {outcome.issue_id}")
    if outcome.blocking:
        ctx.exit(1)


def problem_row(problem: Problem) -> dict[str, object]:
    """A problem as JSON."""
    return {
        "severity": problem.severity,
        "code": problem.code,
        "file": problem.file,
        "line": problem.line,
        "message": problem.message,
        "hint": problem.hint,
    }


def show_problem(problem: Problem, *, err: bool = False) -> None:
    """`file:line: blocks: what is wrong`, with the hint under it."""
    place = f"{problem.place}: " if problem.place else ""
    word = "blocks" if problem.severity is Severity.BLOCKS else "warning"
    tell = note if err else say
    tell(f"{place}{word}: {problem.message} [{problem.code}]")
    if problem.hint:
        tell(f"    {problem.hint}")


def checked(
    workspace: "Workspace", issue: str | None, now: datetime, *, no_links: bool
) -> "CheckOutcome":
    """The issue (this week's when left out), judged with this workspace's rules."""
    from newsletter.issues.checking.check import check, this_issue

    return check(
        workspace.issue_sources,
        workspace.issues,
        issue or this_issue(workspace.issue_sources, now),
        now=now,
        rotation_issues=workspace.config.issue.rotation_issues,
        asker=None if no_links else workspace.fetcher(),
        rechecking=None if no_links else workspace.rechecking(),
    )
