"""`newsletter preview`."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli.issue_id import ISSUE
from newsletter.cli.output import emit_json, json_option, note, say
from newsletter.cli.workspace import open_workspace

if TYPE_CHECKING:
    from newsletter.sending.preview import Preview


@click.command()
@click.argument("issue", required=False, type=ISSUE)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--serve", is_flag=True, help="Keep it open and show it anew at each save.")
@json_option
@click.pass_context
def preview(
    ctx: click.Context, issue: str | None, no_open: bool, serve: bool, as_json: bool
) -> None:
    """Show ISSUE (this week's when left out) on a desktop, a phone, in the dark and as text.

    Writes HTML, text and .eml of each edition to preview/ISSUE/, and a page that shows them.
    """
    outcome = _write(ctx, issue)
    if as_json:
        emit_json({"issue": outcome.issue_id, "page": outcome.page, "files": outcome.files})
    else:
        for name in outcome.files:
            say(name)
        note(f"Look at {outcome.page}, then: newsletter approve {outcome.issue_id} --as NAME")
    root = open_workspace(ctx).root
    if serve:
        _serve(ctx, outcome, no_open=no_open)
    elif not no_open and not as_json and sys.stdout.isatty():
        click.launch((root / outcome.page).resolve().as_uri())


def _write(ctx: click.Context, issue: str | None) -> "Preview":
    from newsletter.issues.checking.check import this_issue
    from newsletter.sending.preview import preview as run

    sources = open_workspace(ctx).issue_sources  # read anew: an editor has just saved
    now = datetime.now(UTC)
    return run(sources, issue or this_issue(sources, now), now=now)


def _serve(ctx: click.Context, outcome: "Preview", *, no_open: bool) -> None:
    from newsletter.web.live_preview import LivePreview, saved_at

    root = open_workspace(ctx).root
    watched = (f"issues/{outcome.issue_id}", "templates", "newsletter.toml", "feeds.yaml")
    live = LivePreview(
        (root / outcome.page).parent,
        build=lambda: _write(ctx, outcome.issue_id),
        stamp=lambda: saved_at(root, watched),
    )
    note(f"{live.url}  (Ctrl-C ends it)")
    if not no_open:
        click.launch(live.url)
    live.run()
