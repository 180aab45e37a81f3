"""`newsletter keys`: make, share, test and rotate the keys that seal stories."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import emit_json, json_option, note, say, table
from newsletter.cli.story_input import identity_option, passphrase, unlocked
from newsletter.cli.workspace import open_workspace
from newsletter.errors import AttentionError, UsageError

if TYPE_CHECKING:
    from newsletter.stories.keys.recipients import Recipient


@click.group(cls=Listed)
def keys() -> None:
    """Make and rotate the keys that seal stories.

    Private keys stay with editors, outside the workspace. The server has public keys only.
    """


@keys.command(
    epilog="Example: newsletter keys init --name Ana --recovery /media/stick/recovery.age"
)
@click.option("--name", required=True, help="Whose key it is: a role or a first name.")
@click.option(
    "--recovery",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also make an offline recovery key in this file (on a stick that is then locked away).",
)
@identity_option
@click.pass_context
def init(ctx: click.Context, name: str, recovery: Path | None, identity: Path) -> None:
    """Make your key, locked by a passphrase, and add its public half to the workspace."""
    from newsletter.stories.keys import identity as private
    from newsletter.stories.keys.recipients import Recipient
    from newsletter.stories.keys.rotate import add_recipient

    desk = open_workspace(ctx).story_services
    if recovery is not None and not recovery.absolute().parent.is_dir():
        raise UsageError(
            f"there is no folder {recovery.absolute().parent}",
            hint="is the stick plugged in? The recovery key must not land on this machine",
        )
    secret = passphrase(again=True)
    wanted = [(identity, name, False)]
    if recovery is not None:
        wanted.append((recovery, f"{name} recovery", True))
    for path, whose, is_recovery in wanted:
        # One that is there is never written over: an earlier run may have stopped half-way.
        public = private.load_or_create(path, secret)
        if public not in {one.key for one in desk.recipients()}:
            add_recipient(desk.files, Recipient(key=public, name=whose, is_recovery=is_recovery))
        say(f"{whose}: {public}")
        note(f"  the private half is in {path}")
    if recovery is not None:
        note(
            "The recovery key has the same passphrase: keep it on paper, locked away with the key."
        )
    if len(desk.recipients()) < 2:
        note("One more key is needed before stories can be taken: keys add, or --recovery.")


@keys.command()
@click.argument("public_key")
@click.option("--name", required=True, help="Whose key it is.")
@click.option("--recovery", is_flag=True, help="It is kept offline, for when editors lose theirs.")
@click.pass_context
def add(ctx: click.Context, public_key: str, name: str, recovery: bool) -> None:
    """Seal later stories to another editor's public key too (age1…)."""
    from newsletter.stories.keys.recipients import Recipient
    from newsletter.stories.keys.rotate import add_recipient

    added = Recipient(key=public_key, name=name, is_recovery=recovery)
    known = add_recipient(open_workspace(ctx).story_services.files, added)
    say(f"{name} can open stories from now on ({len(known)} keys).")
    note("Earlier stories: newsletter keys rotate, by somebody who can open them.")


@keys.command("list")
@json_option
@click.pass_context
def list_keys(ctx: click.Context, as_json: bool) -> None:
    """List whom stories are sealed to."""
    known = open_workspace(ctx).story_services.recipients()
    if as_json:
        emit_json([{"name": o.name, "key": o.key, "recovery": o.is_recovery} for o in known])
    else:
        table(["name", "key", "kind"], [[o.name, o.key, _kind(o)] for o in known])
    if len(known) < 2:
        note("Stories cannot be taken before there are two keys: newsletter keys init")


@keys.command()
@click.option("--remove", "removed", multiple=True, help="Leave out this name (again for more).")
@identity_option
@click.pass_context
def rotate(ctx: click.Context, removed: tuple[str, ...], identity: Path) -> None:
    """Seal every stored story anew, to the keys that remain."""
    from newsletter.stories.keys.rotate import rotate as seal_anew

    desk = open_workspace(ctx).story_services
    secret = unlocked(identity)
    done = seal_anew(desk.files, desk.store, secret, removed=removed)
    names = ", ".join(one.name for one in done.recipients)
    say(f"{done.resealed} submissions are sealed anew, to: {names}.")
    say("This cannot be undone by rotating: copies made before (backups, a stolen disk)")
    say("still open with the old keys. Destroy old backups, or treat them as open.")


@keys.command()
@identity_option
@click.pass_context
def test(ctx: click.Context, identity: Path) -> None:
    """Open a sealed probe and every stored story with your key, in memory."""
    from newsletter.stories.keys.rotate import try_key

    desk = open_workspace(ctx).story_services
    secret = unlocked(identity)
    result = try_key(desk.files, desk.store, secret)
    say(f"Your key works: the probe and {result.opened} submissions opened.")
    if result.closed:
        raise AttentionError(
            f"{len(result.closed)} submissions do not open with this key",
            hint="ask somebody whose key opens them to run newsletter keys rotate",
        )


def _kind(recipient: "Recipient") -> str:
    return "recovery, offline" if recipient.is_recovery else "editor"
