"""The database that a backup is put into: whole at its commit, and until then as it was.

PostgreSQL's is filled in one transaction, where it stands; SQLite's in a file beside, which the
restore renames.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from newsletter.errors import AttentionError
from newsletter.store.database import PROGRAM, open_engine, translated

_SIDES = ("-wal", "-shm", "-journal")
_TRIES = 20
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = :us AND pid <> pg_backend_pid()"
)

_PLACE = text(
    "SELECT pg_postmaster_start_time(), oid FROM pg_database WHERE datname = current_database()"
)


def sqlite_file(url: str, root: Path) -> Path | None:
    """Return the file of an SQLite database; None for PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return (root / (parsed.database or "")).resolve()


def shown(url: str) -> str:
    """Return the address without its password."""
    return (
        make_url(url).render_as_string(hide_password=True).replace(":***@", "@").replace(":@", "@")
    )


def has_password(url: str) -> bool:
    """Return whether a password stands in the address."""
    return bool(make_url(url).password)


def place_of(connection: Connection) -> tuple[Any, ...] | None:
    """Return which database of which server this is, however its address is written; None for a
    file."""
    if connection.dialect.name != "postgresql":
        return None
    return tuple(connection.execute(_PLACE).one())


def sides_of(path: Path) -> tuple[Path, ...]:
    """Return the files that SQLite keeps beside a database."""
    return tuple(path.with_name(path.name + side) for side in _SIDES)


@contextmanager
def new_sqlite(path: Path) -> Iterator[Connection]:
    """Open an empty database in that file, private; after a commit it is one file, on the disk."""
    for left in (path, *sides_of(path)):
        left.unlink(missing_ok=True)
    engine = open_engine(f"sqlite:///{path}", root=path.parent)
    try:
        with engine.connect() as connection:
            raw = connection.connection.driver_connection
            with translated(connection.dialect):  # until it is whole nobody has it
                for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -16000"):
                    raw.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]
            yield connection
    finally:
        engine.dispose()
    with path.open("rb") as file:
        os.fsync(file.fileno())


@contextmanager
def postgres_in_place(url: str, root: Path) -> Iterator[Connection]:
    """Open a transaction that holds off everybody else. AttentionError when others of us are
    connected."""
    engine = open_engine(url, root=root)
    try:
        with engine.connect() as connection:
            for _ in range(_TRIES):  # what was killed just now is connected for a moment
                if not connection.execute(_OTHERS, {"us": PROGRAM}).scalar():
                    break
                connection.rollback()
                time.sleep(0.25)
            else:
                raise _in_use()
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = '30s'"))
            yield connection
    finally:
        engine.dispose()


def insist_unused(path: Path) -> None:
    """Raise AttentionError while another program has this SQLite database open."""
    if not path.is_file():
        return
    connection = sqlite3.connect(path, timeout=0.5, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")  # only who is alone may
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise _in_use() from error
        # anything else: it is damaged, and to be replaced
    except sqlite3.DatabaseError:
        pass
    finally:
        with suppress(sqlite3.Error):
            connection.close()


def _in_use() -> AttentionError:
    return AttentionError(
        "the database is in use: nothing was changed",
        hint="stop newsletter serve and work, here and on other machines, then run it again",
    )
