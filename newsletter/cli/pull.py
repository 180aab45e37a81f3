"""newsletter pull"""

from collections import Counter

import click

from newsletter.cli.completing import members
from newsletter.cli.output import (
    as_mapping,
    counted,
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    progress,
    say,
    table,
    wants_json,
)
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.model.pulling import FeedOutcome, PullReport


@click.command(epilog="Example: newsletter pull harbor-legal-aid")
@click.argument("organisations", nargs=-1, shell_complete=members)
@flag("--all", "even_if_not_due", help="Also fetch feeds that are not due yet.")
@json_option
@pass_workspace
def pull(workspace: Workspace, organisations: tuple[str, ...], even_if_not_due: bool) -> None:
    """Fetch the feeds that are due, or all feeds of the ORGANISATIONS you name (by id).

    A broken feed never stops the others; the table shows where somebody can do something, and each
    feed of the ORGANISATIONS. The exit code is 1 if no feed could be read.
    """
    from newsletter.pulling.pull import pull as run
    from newsletter.sending.changed_sources import changed_since_sent, mailed_lately

    asked_for = [workspace.organisation_named(name) for name in organisations]
    feeds = sum(len(member.feeds) for member in asked_for or workspace.organisations)
    with progress("pulling", feeds) as advance:
        report = run(
            workspace.organisations,
            workspace.pulling(lambda: advance(1)),
            only=frozenset(organisations),
            even_if_not_due=even_if_not_due,
            mailed=mailed_lately(workspace.sent_pieces, now=workspace.now()),
        )
    mailed = changed_since_sent(workspace.sent_pieces, now=workspace.now(), since=report.started_at)
    counts = {"new": report.new, "failed": len(report.failed), "mailed": mailed}
    if not print_json({**as_mapping(report), **counts}):
        _show(report, is_whole=bool(organisations))
    for piece in mailed:
        note(
            f"{piece.item_id} ({piece.title}) {piece.what}, and {piece.issue_id} was sent with it. "
            f"If readers should know: newsletter correct {piece.issue_id}"
        )
    asked = [outcome for outcome in report.outcomes if outcome.result.was_asked]
    seconds = (report.finished_at - report.started_at).total_seconds()
    if not workspace.organisations:
        note("There are no members yet: newsletter feeds add https://a-member.example")
        return
    note(
        f"{counted(report.new, 'new item')} from {len(asked)} of "
        f"{counted(len(report.outcomes), 'feed')} in {seconds:.1f} s; {len(report.failed)} failed"
    )
    if report.new and not wants_json():
        note("Next: newsletter items list shows them; newsletter draft puts them into the issue.")
    exit_1_if(asked and len(report.failed) == len(asked))


def _show(report: PullReport, *, is_whole: bool) -> None:
    """Print a row for each feed with which somebody can do something, and count the others; with
    `is_whole` a row for each."""
    from newsletter.members.health import FIXES

    quiet: Counter[str] = Counter()
    rows = []
    for outcome in report.outcomes:
        details = "; ".join(part for part in (outcome.detail, *outcome.warnings) if part)
        fix = FIXES.get(outcome.result, "")
        more = [part for part in (_moved(outcome), _left_out(outcome)) if part]
        if not (is_whole or fix or outcome.warnings or more):
            quiet[outcome.result.value] += 1
            continue
        feed = outcome.feed_url.partition("://")[2]
        seen = "; ".join(filter(None, (details, *more)))
        rows.append((outcome.organisation_id, feed, outcome.result, outcome.new or "", seen, fix))
    if rows:
        table(("organisation", "feed", "result", "new", "what we saw", "for the member"), rows)
    for result, count in quiet.items():
        say(f"  {counted(count, 'feed')} {result}")
    pages = sum(outcome.pages for outcome in report.outcomes)
    without = sum(outcome.pages_without for outcome in report.outcomes)
    if pages + without:
        say(f"  articles read on {pages} of {counted(pages + without, 'page')}")


def _moved(outcome: FeedOutcome) -> str:
    return f"it moved to {outcome.moved_to}: newsletter feeds proposals" if outcome.moved_to else ""


def _left_out(outcome: FeedOutcome) -> str:
    """The articles that stay as short as the feed has them, for lack of time."""
    pages = outcome.pages_left_out
    if not pages:
        return ""
    more = f" and {len(pages) - 1} more" if len(pages) > 1 else ""
    return f"no time to read the article on {pages[0]}{more}"
