"""`newsletter archive`."""

from pathlib import Path

import click

from newsletter.cli.output import emit_json, json_option, note, say
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to write it (default: site/ in the workspace).",
)
@click.option("--url", help="Its public address (default: [web] url, then /archive/).")
@click.option(
    "--with",
    "about_to_go",
    multiple=True,
    metavar="ISSUE",
    help="Show this issue too, before it is sent: its links then hold from the first reader on.",
)
@json_option
@pass_workspace
def archive(
    workspace: Workspace,
    folder: Path | None,
    url: str | None,
    about_to_go: tuple[str, ...],
    as_json: bool,
) -> None:
    """Write the public archive of what was sent: a static site without scripts.

    `newsletter serve` shows it under /archive/; any web host can. Run it daily: what may no longer
    be shown (a story whose consent ended) is removed.
    """
    from newsletter.archive.write import archive as run

    public = workspace.config.coalition.public_url.rstrip("/")
    base = url.rstrip("/") + "/" if url else f"{public}/archive/" if public else ""
    site = workspace.published_folder(folder)
    outcome = run(
        workspace.issue_sources,
        workspace.ledger,
        workspace.issues,
        site,
        base=base,
        now=workspace.now(),
        about_to_go=about_to_go,
    )
    if as_json:
        emit_json(outcome)
        return
    for path in outcome.editions:
        say(path)
    for one in outcome.kept_back:
        note(f"not shown: {one}")
    note(f"{outcome.written} files written, {outcome.removed} removed, {outcome.stories} stories")
