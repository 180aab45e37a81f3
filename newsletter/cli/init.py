"""`newsletter init`: a new workspace, what a server needs to run one, and what to do next."""

from pathlib import Path

import click
from click.core import ParameterSource

from newsletter.cli.output import flag, note, say
from newsletter.errors import UsageError


@click.command(epilog='Example: newsletter init my-digest --name "Bridge Coalition" --editor Rosa')
@click.argument("folder", required=False, type=click.Path(file_okay=False))
@click.option("--name", default="Our Coalition", show_default=True, help="The coalition's name.")
@click.option("--editor", default="Editor", show_default=True, help="Who may approve issues.")
@flag("--server", help="Also write what a server needs; for a workspace that is there, only that.")
@click.pass_context
def init(ctx: click.Context, folder: str | None, name: str, editor: str, server: bool) -> None:
    """Make a new workspace in FOLDER (default: the current folder) and show the next steps.

    Writes newsletter.toml, feeds.yaml and empty folders, and never overwrites a file. Makes the
    state folder, outside the workspace, for what a restored backup must not undo. With --server
    also writes server/: systemd units, their environment, and settings for nginx and Caddy.
    """
    folder = _folder(ctx, folder)
    if server:
        from newsletter.server_files import refuse_if_special

        refuse_if_special(Path(folder).resolve())
    is_new = not (server and (Path(folder) / "newsletter.toml").exists())
    if is_new:
        _make(folder, name=name, editor=editor)
    if server:
        _write_server_files(Path(folder))
    if is_new:
        _say_what_is_next(folder, on_a_server=server)


def _folder(ctx: click.Context, folder: str | None) -> str:
    """Return FOLDER, or the one that `-w` or NEWSLETTER_WORKSPACE names. UsageError where they
    name two: the commands after this one would look elsewhere."""
    root = ctx.find_root()
    source = root.get_parameter_source("workspace")
    named = str(root.obj or ".")
    if source is ParameterSource.DEFAULT or not root.obj:
        return folder or "."
    if folder and Path(folder).resolve() != Path(named).resolve():
        is_option = source is ParameterSource.COMMANDLINE
        raise UsageError(
            f"{'-w' if is_option else 'NEWSLETTER_WORKSPACE'} names {named}, and FOLDER {folder}",
            hint="newsletter init FOLDER is enough"
            if is_option
            else "unset NEWSLETTER_WORKSPACE first, or all other commands look there",
        )
    return named


def _make(folder: str, *, name: str, editor: str) -> None:
    import os

    from newsletter.scaffold import scaffold, whole_or_nothing
    from newsletter.wiring import Workspace
    from newsletter.wiring.state_folder import ID_FILE

    with whole_or_nothing(Path(folder), ID_FILE):
        made = scaffold(Path(folder), name=name, editor=editor)
        state = Workspace.open(Path(folder), os.environ).begin_state()
    say(f"Made a workspace in {Path(folder).absolute()}:")
    for file in made:
        say(f"  {file}")
    say(f"Withdrawals and what was sent are also kept in {state.path}")


def _write_server_files(folder: Path) -> None:
    import os
    import sys
    import sysconfig
    from urllib.parse import urlsplit

    from newsletter.server_files import EXAMPLE_HOST, FOLDER, HTTPS, Server
    from newsletter.wiring import Workspace

    config = Workspace.open(folder, os.environ).config
    installed, called = Path(sysconfig.get_path("scripts")) / "newsletter", Path(sys.argv[0])
    program = installed if installed.exists() else called.absolute()
    is_module = program.name == "__main__.py"  # python -m newsletter
    url = urlsplit(config.coalition.public_url)
    server = Server(
        workspace=folder.resolve(),
        state=config.state.resolve(),
        program=Path(sys.executable) if is_module else program,
        is_interpreter=is_module,
        host=url.hostname or EXAMPLE_HOST,
        port=(url.port if url.scheme == "https" else None) or HTTPS,
    )
    written = server.write()
    for file in written.new:
        say(f"Wrote {FOLDER}/{file}")
    for file in written.kept:
        also = ", and not as it would be written now" if file in written.outdated else ""
        say(f"Left {FOLDER}/{file} as it is{also}: to have it written again, delete it")
    which = "All others" if written.outdated else "They"
    note(
        f"Each file says at its top where it goes; docs/running.md has all steps, from an empty\n"
        f"Debian on. {which} are for https://{server.site}"
        + ("." if url.hostname else ", until [web] url in newsletter.toml says another name.")
    )
    if url.scheme == "http":
        note(f'Both web servers serve https: set url = "https://{server.site}" in [web].')


def _say_what_is_next(folder: str, *, on_a_server: bool) -> None:
    import secrets
    import shlex

    enter = "" if Path(folder).absolute() == Path.cwd() else f"  cd {shlex.quote(folder)}\n"
    where = (
        "write it into /etc/newsletter.env" if on_a_server else "run this line in each new terminal"
    )
    note(
        "\nNext:\n"
        f"{enter}"
        "  1. open newsletter.toml in a text editor and fill in your postal address, sender,\n"
        "     editors, and [web] url, the address of the public pages\n"
        "  2. newsletter feeds add https://a-member.example   (once for each member)\n"
        f"  3. export NEWSLETTER_SECRET_KEY={secrets.token_urlsafe(32)}\n"
        "     (This key was made just now and is saved nowhere. Put it where you keep passwords,\n"
        f"      and {where}. It signs the unsubscribe links, and people\n"
        "      who unsubscribed are remembered by it.)\n"
        "  4. newsletter doctor                               (shows what is still missing)\n"
        "  5. newsletter pull"
    )
