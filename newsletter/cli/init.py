"""`newsletter init`: a new workspace, and what to do next."""

import click

from newsletter.cli.output import note, say


@click.command(epilog='Example: newsletter init my-digest --name "Bridge Coalition" --editor Rosa')
@click.argument("folder", default=".", type=click.Path(file_okay=False))
@click.option("--name", default="Our Coalition", show_default=True, help="The coalition's name.")
@click.option("--editor", default="Editor", show_default=True, help="Who may approve issues.")
def init(folder: str, name: str, editor: str) -> None:
    """Make a new workspace in FOLDER (default: this one) and say what to do next.

    Writes newsletter.toml, feeds.yaml and empty folders; never over a file that is there.
    """
    import secrets
    import shlex
    from pathlib import Path

    from newsletter.scaffold import scaffold

    made = scaffold(Path(folder), name=name, editor=editor)
    say(f"Made a workspace in {Path(folder).absolute()}:")
    for file in made:
        say(f"  {file}")
    enter = "" if folder == "." else f"  cd {shlex.quote(folder)}\n"
    note(
        "\nNext:\n"
        f"{enter}"
        "  1. open newsletter.toml in a text editor: say your postal address, sender, editors,\n"
        "     and [web] url, where the public pages will be\n"
        "  2. newsletter feeds add https://a-member.example   (once for each member)\n"
        f"  3. export NEWSLETTER_SECRET_KEY={secrets.token_urlsafe(32)}\n"
        "     (made for you just now, and kept nowhere: put it where you keep passwords, and say\n"
        "      this line again in each new terminal. Leave links are signed with it, and people\n"
        "      who left are remembered by it.)\n"
        "  4. newsletter doctor                               (says what is still missing)\n"
        "  5. newsletter pull"
    )
