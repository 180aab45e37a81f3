"""`newsletter keys`: make, share, test and replace the keys that stories are encrypted for."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import (
    counted,
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    repeatable,
    say,
    table,
)
from newsletter.cli.story_input import identity_option, passphrase, unlocked
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError, UsageError

if TYPE_CHECKING:
    from newsletter.stories.keys.recipients import Recipient
    from newsletter.stories.keys.rotate import Rotated


@click.group(cls=Listed)
def keys() -> None:
    """Make, share and replace the keys that protect stories.

    Stories are encrypted for the public keys. The private keys stay with editors, outside the
    workspace, and never on the server.
    """


@keys.command(epilog="Example: newsletter keys init --name Ana --recovery /media/stick/key.age")
@click.option("--name", required=True, help="Whose key it is: a role or a first name.")
@click.option(
    "--recovery",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also make a recovery key in this file, on a USB stick that you then lock away.",
)
@identity_option
@pass_workspace
def init(workspace: Workspace, name: str, recovery: Path | None, identity: Path) -> None:
    """Make your key, protected by a passphrase, and add its public half to the workspace."""
    from newsletter.stories.keys import identity as private
    from newsletter.stories.keys.recipients import Recipient, read_recipients

    files = workspace.files
    if recovery is not None and not recovery.absolute().parent.is_dir():
        raise UsageError(
            f"there is no folder {recovery.absolute().parent}",
            hint="is the stick plugged in? The recovery key must not be saved on this computer",
        )
    secret = passphrase(again=True)
    easy_to_guess = [name, workspace.config.coalition.name]
    wanted = [(identity, name, False, secret)]
    if recovery is not None:
        another = passphrase(again=True, recovery=True)
        if another == secret and not recovery.exists():
            raise UsageError(
                "the recovery key needs a passphrase of its own",
                hint="who has the stick and guesses one of them must not have the other",
            )
        wanted.append((recovery, f"{name} recovery", True, another))
    for path, whose, is_recovery, locked_by in wanted:
        # One that is there is never written over: an earlier run may have stopped half-way.
        others = [other for *_, other in wanted if other != locked_by]
        public = private.load_or_create(path, locked_by, [*others, *easy_to_guess])
        if public not in {recipient.key for recipient in read_recipients(files)}:
            _add(workspace, Recipient(key=public, name=whose, is_recovery=is_recovery))
        say(f"{whose}: {public}")
        note(f"  the private half is in {path}")
    if recovery is not None:
        note("Write the recovery key's passphrase on paper and lock it away, not beside the stick.")
    if len(read_recipients(files)) < 2:
        note("Stories can be taken once there is one more key: newsletter keys add, or --recovery.")


@keys.command(epilog="Example: newsletter keys add age1qqp… --name Bo")
@click.argument("public_key")
@click.option("--name", required=True, help="Whose key it is.")
@flag("--recovery", help="This key is kept offline, in case editors lose theirs.")
@pass_workspace
def add(workspace: Workspace, public_key: str, name: str, recovery: bool) -> None:
    """Encrypt later stories for another editor's public key too (age1…)."""
    from newsletter.stories.keys.recipients import Recipient

    known = _add(workspace, Recipient(key=public_key, name=name, is_recovery=recovery))
    say(f"{name} can open stories from now on ({counted(len(known), 'key')}).")
    note(
        "To give them earlier stories too, someone who can open those must run "
        "newsletter keys rotate."
    )


def _add(workspace: Workspace, added: "Recipient") -> "tuple[Recipient, ...]":
    from newsletter.stories.keys.rotate import add_key

    known = add_key(workspace.files, workspace.story_store, added, today=workspace.today())
    workspace.story_services.write_checkpoint()
    return known


@keys.command("list", epilog="Example: newsletter keys list")
@json_option
@pass_workspace
def list_keys(workspace: Workspace) -> None:
    """List the keys that stories are encrypted for, and whether all were added by a command."""
    from newsletter.stories.keys.key_log import key_faults
    from newsletter.stories.keys.recipients import read_recipients

    known = read_recipients(workspace.files)
    data = [{"name": o.name, "key": o.key, "recovery": o.is_recovery} for o in known]
    if not print_json(data):
        kinds = {True: "recovery, offline", False: "editor"}
        table(("name", "key", "kind"), [(o.name, o.key, kinds[o.is_recovery]) for o in known])
    if len(known) < 2:
        note("Stories cannot be taken until there are two keys: newsletter keys init")
    faults = key_faults(workspace.story_store.events(), known)
    for fault in faults:
        note(fault)
    exit_1_if(faults)


@keys.command(epilog="Example: newsletter keys rotate --remove Bo")
@repeatable("--remove", "removed", help="Leave out the key of this name.")
@identity_option
@pass_workspace
def rotate(workspace: Workspace, removed: tuple[str, ...], identity: Path) -> None:
    """Encrypt every stored story again for the remaining keys."""
    done = rotate_keys(workspace, unlocked(identity), removed)
    names = ", ".join(recipient.name for recipient in done.recipients)
    say(f"Encrypted {counted(done.resealed, 'submission')} again, for: {names}.")
    say("This does not protect copies made before: backups and stolen disks")
    say("still open with the old keys. Destroy old backups, or treat them as readable.")


def rotate_keys(workspace: Workspace, secret: str, removed: Sequence[str]) -> "Rotated":
    """Encrypt stories, letters and unfinished interviews again; the log says who opened them."""
    from newsletter.stories.keys.key_log import key_name
    from newsletter.stories.keys.rotate import rotate as seal_again
    from newsletter.stories.record.openings import opened

    services, today = workspace.story_services, workspace.today()
    name = key_name(services.recipients(), secret)
    done = seal_again(workspace.files, workspace.story_store, secret, removed=removed, today=today)
    unfinished = workspace.unfinished_interviews
    services.append_events([opened(one, name, today) for one in unfinished.ids()])
    unfinished.seal_again(secret, [recipient.key for recipient in done.recipients])
    return done


@keys.command(epilog="Example: newsletter keys test")
@identity_option
@pass_workspace
def test(workspace: Workspace, identity: Path) -> None:
    """Test your key on a sample and on every stored story, in memory."""
    from newsletter.stories.keys.rotate import try_key

    result = try_key(
        workspace.files, workspace.story_store, unlocked(identity), today=workspace.today()
    )
    workspace.story_services.write_checkpoint()
    say(f"Your key works: the sample and {counted(result.opened, 'submission')} opened.")
    if result.closed:
        raise AttentionError(
            f"{counted(len(result.closed), 'submission')} cannot be opened with this key",
            hint="ask somebody whose key opens them to run newsletter keys rotate",
        )
