"""The files that a backup's settings name: a restore writes nothing outside of its folder unasked.

The settings may come from another machine, where that place was right, or from somebody else.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from newsletter.config import Config
from newsletter.errors import AttentionError
from newsletter.lasting.aside import FOLDER
from newsletter.lasting.backup_format import FOLDERS, SINGLE
from newsletter.store.new_database import sqlite_file


def place_of(root: Path, named: str) -> Path:
    """Return where a file is that the settings name; links are not followed."""
    return Path(os.path.normpath(root / named))


def insist_on_places(config: Config, present: Config | None, *, is_chosen: bool) -> None:
    """Raise AttentionError where the settings name a database outside of the workspace that is not
    the one of the workspace that stands here, unless a person chose it; and where a file is named
    that is another thing's."""
    root = config.root
    file = sqlite_file(config.database_url, root)
    taken = {root, *(root / name for name in (*FOLDERS, *SINGLE, FOLDER))}
    if file is not None:
        if file in taken or not taken.isdisjoint(set(file.parents) - {root, *root.parents}):
            raise _is_taken("[database] url", file)
        is_ours = file.is_relative_to(root) or file == _database_of(present)
        if not is_ours and not is_chosen:
            raise AttentionError(
                f"the backup's settings name a database outside of this folder: {file}",
                hint="nothing was changed. To have it in this folder: --to "
                f"sqlite:///newsletter.db; there, in place of what is there: --to sqlite:///{file}",
            )
    for setting, named in _named(config):
        path = place_of(root, named)
        if path in {*taken, file, _database_of(present)} or root / FOLDER in path.parents:
            raise _is_taken(setting, path)


def outside(config: Config, present: Config | None) -> tuple[str, ...]:
    """Return the other files outside of the workspace that a restore may write, with the setting
    that names each; none that the workspace which stands here names too."""
    here = {place_of(present.root, named) for _, named in _named(present)} if present else set()
    places = ((setting, place_of(config.root, named)) for setting, named in _named(config))
    return tuple(
        f"{path} ({setting})"
        for setting, path in places
        if not path.is_relative_to(config.root) and path not in here
    )


def _database_of(present: Config | None) -> Path | None:
    return sqlite_file(present.database_url, present.root) if present else None


def _named(config: Config) -> Iterator[tuple[str, str]]:
    yield "[stories] withdrawn", config.stories.withdrawn
    if config.transport.dkim_key_file:
        yield "[transport] dkim_key_file", config.transport.dkim_key_file


def _is_taken(setting: str, path: Path) -> AttentionError:
    return AttentionError(
        f"the backup's settings name {path} as {setting}: that is something else",
        hint="nothing was changed; take another backup, or name another database with --to",
    )
