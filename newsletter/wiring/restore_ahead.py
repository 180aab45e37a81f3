"""What a restore is about to do, once it is known which backup goes where. [I/O]"""

from pathlib import Path

from newsletter.config import Config
from newsletter.lasting.backup_format import FOLDERS, SINGLE, Head
from newsletter.store.new_database import shown, sqlite_file
from newsletter.wiring.named_files import outside
from newsletter.wiring.restore_database import Target
from newsletter.wiring.restore_options import Ahead

PARTS = (*FOLDERS, *SINGLE)


def what_is_ahead(head: Head, target: Target, present: Config | None, root: Path) -> Ahead | None:
    """Return what a person has to agree to; None where nothing is replaced."""
    there = tuple(name for name in PARTS if (root / name).exists())
    people = target.before.people if target.before else 0
    elsewhere = outside(target.config, present)
    if present is None and not there and not people and not elsewhere:
        return None
    return Ahead(
        made_at=head.made_at,
        program=head.program,
        database=shown(target.config.database_url),
        people_there=people,
        replaced=there,
        outside=elsewhere,
        leaves=_left_database(target, present),
    )


def what_is_left(target: Target, present: Config | None) -> tuple[str, ...]:
    """Return what to do with the database that the workspace had, in words, if it has another."""
    file = sqlite_file(present.database_url, present.root) if present else None
    if file is not None and file != target.file:
        return (f"{file.name} is not used any more: remove it once all is well",)
    if not (left := _left_database(target, present)):
        return ()
    return (
        f"{left} is not used any more: have the settings of other machines name the database of "
        "now before anybody sends there; remove it once all is well",
    )


def _left_database(target: Target, present: Config | None) -> str:
    """Return the address of the database that the workspace has now, if it will have another."""
    if present is None:
        return ""
    there, file = shown(present.database_url), sqlite_file(present.database_url, present.root)
    if file is not None:
        return there if file != target.file and file.is_file() else ""
    return "" if there == shown(target.config.database_url) else there
