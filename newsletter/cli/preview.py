"""`newsletter preview`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import flag, json_option, note, print_json, say
from newsletter.cli.show_page import show_page
from newsletter.cli.workspace import open_workspace

if TYPE_CHECKING:
    from newsletter.sending.preview import Preview


@click.command(epilog="Example: newsletter preview --serve")
@issue_argument
@flag("--no-open", help="Do not open a browser.")
@flag("--serve", help="Keep running, and update the page each time you save.")
@json_option
def preview(issue: str | None, no_open: bool, serve: bool) -> None:
    """Show ISSUE (this week's by default) on a desktop, on a phone, in dark mode and as text.

    Writes each edition as HTML, text and .eml to preview/ISSUE/, with a page that shows them all.
    """
    outcome = _write(issue)
    data = {"issue": outcome.issue_id, "page": outcome.page, "files": outcome.files}
    if not print_json(data):
        for name in outcome.files:
            say(name)
        note(f"Look at {outcome.page}, then run: newsletter approve {outcome.issue_id} --as NAME")
    show_page(
        outcome.page,
        is_served=serve,
        no_open=no_open,
        build=lambda: _write(outcome.issue_id),
        watched=[f"issues/{outcome.issue_id}", "templates", "newsletter.toml", "feeds.yaml"],
    )


def _write(issue: str | None) -> "Preview":
    from newsletter.issues.checking.check import this_issue
    from newsletter.sending.preview import preview as run

    sources = open_workspace().issue_sources  # read again: an editor has just saved
    now = datetime.now(UTC)
    return run(sources, issue or this_issue(sources, now), now=now)
