"""[I/O] What a killed restore left beside a workspace, which it had not begun to change."""

from contextlib import suppress

from newsletter.config import Config
from newsletter.lasting.backup_format import FOLDERS
from newsletter.lasting.stage import beside, discard, remove
from newsletter.store.new_database import sides_of, sqlite_file


def discard_left(config: Config) -> None:
    """Remove it: it may hold stories that were taken back since."""
    file = sqlite_file(config.database_url, config.root)
    with suppress(OSError):  # the next command tries again
        for left in (beside(file), *sides_of(beside(file))) if file else ():
            remove(left)
        discard(config.root, FOLDERS)
