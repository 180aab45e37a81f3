"""Shows a page of the workspace in a browser, once or again after each change."""

import sys
from collections.abc import Callable

import click

from newsletter.cli.output import note, wants_json
from newsletter.cli.workspace import open_workspace


def show_page(
    page: str, *, is_served: bool, no_open: bool, build: Callable[[], object], watched: list[str]
) -> None:
    """Open the page; if it is served, keep running, and build it again when a watched file or
    folder of the workspace is saved."""
    root = open_workspace().root
    if not is_served:
        if not no_open and not wants_json() and sys.stdout.isatty():
            click.launch((root / page).resolve().as_uri())
        return
    from newsletter.web.live_preview import LivePreview, saved_at

    context = click.get_current_context()

    def build_here() -> None:
        with context.scope(cleanup=False):  # click's context is a thread's own
            build()

    folder = (root / page).parent
    live = LivePreview(folder, build=build_here, stamp=lambda: saved_at(root, watched))
    note(f"{live.url}  (stop with Ctrl-C)")
    if not no_open:
        click.launch(live.url)
    live.run()
