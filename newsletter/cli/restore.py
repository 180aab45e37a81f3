"""`newsletter restore`: a backup put back, and what must never go back merged into it."""

import getpass
import os
import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import (
    confirm,
    counted,
    exit_1_if,
    flag,
    json_option,
    minute,
    note,
    print_json,
    progress,
    say,
    yes_option,
)
from newsletter.cli.story_input import identity_option, unlocked

if TYPE_CHECKING:
    from newsletter.wiring.restore_options import Ahead, Restored
    from newsletter.wiring.state_report import Confirmed


@click.command(epilog="Example: newsletter restore /media/stick/digest.backup")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", default="", help="Into this database instead, which the settings then name.")
@click.option("--by", default="", help="Your name, if it has to be written down (see docs).")
@flag("--without-old-database", help="Go on if the one that stands here cannot be read.")
@identity_option
@yes_option
@json_option
@click.pass_context
def restore(
    ctx: click.Context,
    file: Path,
    to: str,
    by: str,
    without_old_database: bool,
    identity: Path,
    yes: bool,
) -> None:
    """Put the backup in FILE back, into this folder or the one that -w names.

    What must never go back is merged into it from this workspace and its state folder: what
    storytellers took back, who left or bounced, how far issues were sent. --to moves everything
    between SQLite and PostgreSQL: back up, then restore --to postgresql://user@host/name.
    """
    from newsletter.cli.backup import backup_passphrase
    from newsletter.lasting.age_stream import Openers
    from newsletter.wiring.restore import restore as put_back
    from newsletter.wiring.restore_options import RestoreOptions

    def ask(ahead: "Ahead") -> None:
        note(f"The backup was made on {minute(ahead.made_at)} by version {ahead.program}.")
        if ahead.leaves:
            note(f"The database is {ahead.leaves} now. It will be {ahead.database}.")
        if ahead.people_there:
            note(f"{ahead.database} holds {counted(ahead.people_there, 'person')} now.")
        there = f"{', '.join(ahead.replaced)} and the database" if ahead.replaced else "It"
        note(f"{there} will be as they were then; what came after is lost, but for what is merged.")
        if ahead.outside:
            note(
                f"Its settings also name files outside of this folder: {', '.join(ahead.outside)}."
            )
        confirm("Restore it?", yes=yes)

    root = Path(ctx.find_root().params["workspace"])
    with ExitStack() as stack:
        restored = put_back(
            file,
            RestoreOptions(
                root=root,
                environ=os.environ,
                openers=Openers(
                    private_key=lambda: unlocked(identity), passphrase=backup_passphrase
                ),
                now=lambda: datetime.now(UTC),
                to=to,
                without_old_database=without_old_database,
                ask=ask,
                begun=lambda head: stack.enter_context(progress("Rows", 2 * head.rows)),
            ),
        )
    confirmed = _agree(root, by or _user(), restored)
    left = confirmed.left_to_do if confirmed else ()
    if not print_json({"restored": _plain(restored), "left_to_do": left}):
        _show(restored, confirmed)
    keys = (restored.keys_lack,) if restored.keys_lack else ()
    for words in (*restored.notes, *left, *keys):
        note(f"Still to do: {words}")
    exit_1_if(left or restored.put_back or keys)


def _user() -> str:
    """Who is logged in, as far as this machine knows a name."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "restore"


def _agree(root: Path, by: str, restored: "Restored") -> "Confirmed | None":
    """Have the state folder, stories/ and the database agree, as `state confirm` does."""
    from newsletter.wiring import Workspace
    from newsletter.wiring.state_report import confirm_state, look_at_state

    environ = dict(os.environ)
    if restored.secret_keys and not environ.get("NEWSLETTER_SECRET_KEY"):
        environ |= _settings_of(restored.secret_keys)
    workspace = Workspace.open(root, environ)
    workspace.state_folder.make(workspace.root)
    try:
        if look_at_state(workspace).faults:
            return confirm_state(workspace, by=by, new_key=False)
        return None
    finally:
        workspace.engine.dispose()


def _settings_of(secret_keys: Sequence[str]) -> dict[str, str]:
    """The variables that hold these keys, the newest first."""
    from newsletter.config.environment import older_text

    newest, *older = secret_keys
    settings = {"NEWSLETTER_SECRET_KEY": newest}
    return settings | ({"NEWSLETTER_OLDER_SECRET_KEYS": older_text(older)} if older else {})


def _plain(restored: "Restored") -> dict[str, object]:
    return {
        "made_at": restored.made_at,
        "database": restored.database,
        "rows": restored.rows,
        "files": restored.files,
        "withdrawals": restored.withdrawals,
        "kept_out": restored.kept_out.hashes,
        "people_removed": restored.kept_out.people,
        "notices_dropped": restored.notices_dropped,
        "uncertain": restored.uncertain,
        "put_back": restored.put_back,
        "notes": restored.notes,
        "keys_lack": restored.keys_lack,
    }


def _show(restored: "Restored", confirmed: "Confirmed | None") -> None:
    say(
        f"Restored {counted(restored.rows, 'row')} and {counted(restored.files, 'file')} of "
        f"{minute(restored.made_at)} into {restored.database}."
    )
    say("Merged from what came after:")
    say(f"  withdrawals and limits of storytellers: {restored.withdrawals:,}")
    kept = restored.kept_out
    say(
        f"  {counted(kept.hashes, 'address')} kept out that left, bounced or complained "
        f"({counted(kept.people, 'person')} of the backup among them)"
    )
    if confirmed and confirmed.withdrawn_again:
        again = counted(len(confirmed.withdrawn_again), "withdrawn submission")
        say(f"  deleted the contents of {again} that the backup still had")
    if restored.notices_dropped:
        say(
            f"  {counted(restored.notices_dropped, 'mail')} that people had asked for dropped: "
            "they may have left; those people can ask again"
        )
    if restored.uncertain:
        say(f"  {counted(restored.uncertain, 'person')} in the hands of a sender: uncertain")
    for issue_id in restored.put_back:
        say(f"  {issue_id} was not finished: nobody can tell who got it after the backup")
    if restored.put_back:
        note("newsletter send ISSUE --cancel ends it; --anyway --by NAME goes on, perhaps twice.")
    if restored.secret_keys:
        note("The backup holds the secret key:")
        for name, value in _settings_of(restored.secret_keys).items():
            note(f"  {name}={shlex.quote(value)}")
