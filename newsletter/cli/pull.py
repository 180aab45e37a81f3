"""newsletter pull"""

from collections import Counter
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import (
    as_mapping,
    emit_json,
    exit_1_if,
    json_option,
    note,
    progress,
    say,
    table,
)
from newsletter.cli.workspace import Workspace, pass_workspace

if TYPE_CHECKING:
    from newsletter.model.pulling import FeedOutcome, PullReport


@click.command()
@click.argument("organisations", nargs=-1)
@click.option("--all", "even_if_not_due", is_flag=True, help="Ask feeds that are not due, too.")
@json_option
@pass_workspace
def pull(
    workspace: Workspace, organisations: tuple[str, ...], even_if_not_due: bool, as_json: bool
) -> None:
    """Fetch the feeds that are due, or all feeds of the ORGANISATIONS named.

    One broken feed never stops the others: the table says what came of each. Exit code 1 when no
    feed at all could be read.
    """
    from newsletter.errors import UsageError
    from newsletter.pulling.pull import pull as run

    known = {organisation.id for organisation in workspace.organisations}
    unknown = sorted(set(organisations) - known)
    if not known:
        note("There is no member yet: newsletter feeds add https://a-member.example")
    if unknown:
        raise UsageError(
            f"no organisation {unknown[0]!r} in feeds.yaml", hint="newsletter feeds list shows them"
        )
    feeds = sum(
        len(one.feeds)
        for one in workspace.organisations
        if not organisations or one.id in organisations
    )
    with progress("pulling", feeds) as advance:
        report = run(
            workspace.organisations,
            workspace.pulling(lambda: advance(1)),
            only=frozenset(organisations),
            even_if_not_due=even_if_not_due,
        )
    if as_json:
        emit_json({**as_mapping(report), "new": report.new, "failed": len(report.failed)})
    else:
        _show(report)
    asked = [one for one in report.outcomes if one.result.was_asked]
    seconds = (report.finished_at - report.started_at).total_seconds()
    items = "item" if report.new == 1 else "items"
    note(
        f"{report.new} new {items} from {len(asked)} of {len(report.outcomes)} feeds"
        f" in {seconds:.1f} s; {len(report.failed)} failed"
    )
    if report.new and not as_json:
        note("Next: newsletter items list shows what came, newsletter draft takes it up")
    exit_1_if(asked and len(report.failed) == len(asked))


def _show(report: "PullReport") -> None:
    """A row for each feed that has something to tell, and the others counted."""
    quiet: Counter[str] = Counter()
    rows = []
    for one in report.outcomes:
        told = "; ".join(
            filter(None, (one.detail, *one.warnings, _pages(one), _move(one.moved_to)))
        )
        if one.result.is_quiet and not told and not one.changed:
            quiet[one.result.value] += 1
            continue
        feed = one.feed_url.partition("://")[2]
        news = (one.new or "", one.changed or "")
        rows.append((one.organisation_id, feed, one.result, *news, told))
    if rows:
        table(("organisation", "feed", "result", "new", "edited", "what"), rows)
    for result, count in quiet.items():
        say(f"  {count} {'feed' if count == 1 else 'feeds'} {result}")


def _pages(one: "FeedOutcome") -> str:
    if not one.pages + one.pages_without:
        return ""
    return f"articles read on {one.pages} of {one.pages + one.pages_without} pages"


def _move(url: str) -> str:
    return f"moved for good to {url}: newsletter feeds proposals" if url else ""
