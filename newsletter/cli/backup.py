"""`newsletter backup`: everything that is needed, in one encrypted file."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.hidden_prompt import ask_hidden
from newsletter.cli.output import counted, flag, json_option, note, print_json, progress, say
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from newsletter.lasting.age_stream import Lock

PASSPHRASE = "NEWSLETTER_BACKUP_PASSPHRASE"  # noqa: S105  the name of a variable


@click.command(epilog="Example: newsletter backup /media/stick/digest.backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@flag("--passphrase", help="Encrypt it by a passphrase, although there are editors' keys.")
@flag("--with-secret-key", help="Put NEWSLETTER_SECRET_KEY into it too.")
@flag("--replace", help="Replace FILE if it is there, once the new backup is whole.")
@json_option
@pass_workspace
def backup(
    workspace: Workspace, file: Path, passphrase: bool, with_secret_key: bool, replace: bool
) -> None:
    """Write a consistent, encrypted copy of all that is needed to FILE.

    In it are the database, issues, stories, blocks, templates, members, settings, the DKIM key and
    the state folder. Sends and pulls may go on meanwhile. It opens with any of the editors' keys
    (`newsletter keys list`); where there are none, or with --passphrase, by a passphrase, which is
    asked for or comes from NEWSLETTER_BACKUP_PASSPHRASE.
    """
    from newsletter.lasting.age_stream import ByPassphrase
    from newsletter.lasting.back_up import backup_chunks
    from newsletter.lasting.backup_file import write_backup
    from newsletter.lasting.backup_format import FOLDERS
    from newsletter.wiring.backup_source import backup_source

    inside = [workspace.root.resolve() / folder for folder in FOLDERS]
    if any(file.resolve().is_relative_to(folder) for folder in inside):
        raise UsageError("FILE lies in a folder that is backed up", hint="name another folder")
    if with_secret_key and not workspace.secret_keys:
        raise UsageError("NEWSLETTER_SECRET_KEY is not set, so it cannot be put into the backup")
    lock = _lock(workspace, by_passphrase=passphrase)
    with ExitStack() as stack:
        source = backup_source(
            workspace,
            with_secret_key=with_secret_key,
            begun=lambda head: stack.enter_context(progress("Rows", head.rows)),
        )
        chunks, now = backup_chunks(source), workspace.now()
        size = write_backup(file, chunks, lock, now=now, replace=replace)
    tables, files = source.sums.tables, source.sums.files
    rows = {name: table.rows for name, table in tables.items()}
    how = "a passphrase" if isinstance(lock, ByPassphrase) else counted(len(lock.keys), "key")
    if not print_json({"file": str(file), "bytes": size, "rows": rows, "files": files}):
        say(
            f"Backed up {counted(sum(rows.values()), 'row')} and {counted(files, 'file')} to "
            f"{file} ({size / 1e6:,.1f} MB), encrypted to {how}."
        )
    if not with_secret_key:
        note("NEWSLETTER_SECRET_KEY is not in it: keep that where you keep passwords.")


def backup_passphrase(*, again: bool = False) -> str:
    """Return NEWSLETTER_BACKUP_PASSPHRASE, or what is typed without being shown."""
    given = os.environ.get(PASSPHRASE)
    return given or ask_hidden("Passphrase of the backup", PASSPHRASE, again=again)


def _lock(workspace: Workspace, *, by_passphrase: bool) -> "Lock":
    from newsletter.lasting.age_stream import ByPassphrase, ToKeys
    from newsletter.stories.keys.passphrase import check_passphrase
    from newsletter.stories.keys.recipients import read_recipients

    keys = [recipient.key for recipient in read_recipients(workspace.files)]
    if keys and not by_passphrase:
        return ToKeys(keys=keys)
    typed = backup_passphrase(again=True)
    check_passphrase(typed, [workspace.config.coalition.name])
    return ByPassphrase(passphrase=typed)
