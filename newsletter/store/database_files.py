"""[I/O] The files of a SQLite database, as this process may use them."""

from pathlib import Path

from sqlalchemy import Engine

from newsletter.system import is_writable


def unwritable_file(engine: Engine) -> Path | None:
    """Return which of the database's files, or else the folder that they are in, this process may
    not write; None where it may write all, and for PostgreSQL."""
    url = engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    database = Path(url.database)
    files = [database, *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm"))]
    places = [*(file for file in files if file.exists()), database.parent]
    return next((place for place in places if not is_writable(place)), None)
