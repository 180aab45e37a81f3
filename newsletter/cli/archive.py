"""`newsletter archive`."""

from pathlib import Path

import click

from newsletter.cli.output import counted, json_option, note, print_json, repeatable, say
from newsletter.cli.workspace import Workspace, pass_workspace


@click.command(epilog="Example: newsletter archive --url https://news.coalition.example/archive/")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write it to this folder (default: site/ in the workspace).",
)
@click.option("--url", help="The archive's public address (default: [web] url plus /archive/).")
@click.option(
    "--with",
    "about_to_go",
    multiple=True,
    metavar="ISSUE",
    help="Include this issue before it is sent, so that its links work for the first readers.",
)
@repeatable("--without", "without", help="The id of a story whose page is to go.")
@json_option
@pass_workspace
def archive(
    workspace: Workspace,
    folder: Path | None,
    url: str | None,
    about_to_go: tuple[str, ...],
    without: tuple[str, ...],
) -> None:
    """Write the public archive of what was sent: a static website.

    `newsletter serve` shows it at /archive/ and asks for each story's consent every time. You can
    also put it on any web host: then run this and upload the result daily, so that a story whose
    consent has ended is removed there too.
    """
    outcome = workspace.publish_all(folder, url, about_to_go, without)
    if print_json(outcome):
        return
    for path in outcome.editions:
        say(path)
    for issue_id in outcome.lost:
        note(
            f"{issue_id} was sent, but the database does not know of it: its pages stay as they "
            "are, though no list has them. Put the newest database back"
        )
    for placement in outcome.kept_back:
        note(f"Not shown: {placement}")
    if folder is not None:
        for name in outcome.changed_files:
            note(f"Upload: {name}")
        for name in outcome.removed_files:
            note(f"Delete there: {name}")
    note(
        f"{counted(outcome.written, 'file')} written, {outcome.removed} removed, "
        f"{counted(outcome.stories, 'story')}"
    )
