"""`newsletter init`: a new workspace, and what to do next."""

import click

from newsletter.cli.output import note, say


@click.command(epilog='Example: newsletter init my-digest --name "Bridge Coalition" --editor Rosa')
@click.argument("folder", default=".", type=click.Path(file_okay=False))
@click.option("--name", default="Our Coalition", show_default=True, help="The coalition's name.")
@click.option("--editor", default="Editor", show_default=True, help="Who may approve issues.")
def init(folder: str, name: str, editor: str) -> None:
    """Make a new workspace in FOLDER (default: the current folder) and show the next steps.

    Writes newsletter.toml, feeds.yaml and empty folders, and never overwrites a file. Makes the
    state folder, outside the workspace, for what a restored backup must not undo.
    """
    import os
    import secrets
    import shlex
    from pathlib import Path

    from newsletter.scaffold import scaffold
    from newsletter.wiring import Workspace

    made = scaffold(Path(folder), name=name, editor=editor)
    say(f"Made a workspace in {Path(folder).absolute()}:")
    for file in made:
        say(f"  {file}")
    state = Workspace.open(Path(folder), os.environ).begin_state()
    say(f"Withdrawals and what was sent are also kept in {state.path}")
    enter = "" if folder == "." else f"  cd {shlex.quote(folder)}\n"
    note(
        "\nNext:\n"
        f"{enter}"
        "  1. open newsletter.toml in a text editor and fill in your postal address, sender,\n"
        "     editors, and [web] url, the address of the public pages\n"
        "  2. newsletter feeds add https://a-member.example   (once for each member)\n"
        f"  3. export NEWSLETTER_SECRET_KEY={secrets.token_urlsafe(32)}\n"
        "     (This key was made just now and is saved nowhere. Put it where you keep passwords,\n"
        "      and run this line in each new terminal. It signs the unsubscribe links, and people\n"
        "      who unsubscribed are remembered by it.)\n"
        "  4. newsletter doctor                               (shows what is still missing)\n"
        "  5. newsletter pull"
    )
