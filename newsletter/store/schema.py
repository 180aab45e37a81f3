"""Brings a database to the newest schema. Cheap when it is there: Alembic stays unloaded."""

import importlib
import pkgutil
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

import newsletter.store
from newsletter.errors import SchemaError, StoreError
from newsletter.store.database import forget_deleted, metadata, read_only
from newsletter.store.real_tables import (
    VERSION_TABLE,
    Difference,
    differences,
    expected_columns,
    fingerprint,
    real_columns,
)
from newsletter.store.state_marks import clear_unfinished, mark_unfinished, unfinished

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0014"  # the newest file of migrations/versions; a test holds that they agree
COLUMNS = "4ee7ebc7900b76b3"  # the fingerprint of every table's columns; likewise
MIGRATIONS = Path(__file__).parent / "migrations"
_KEYED = "0004"  # databases before it hold digests of words that are not under the key
_UNKEYED = ("story_submissions", "story_stops", "story_events")  # they are in these
_LOCK = 7_355_608  # any number of ours: PostgreSQL's advisory lock while migrating


def load_tables() -> None:
    """Import every module of the store, so that `metadata` knows every table."""
    for module in pkgutil.iter_modules(newsletter.store.__path__):
        if module.name != "migrations":
            importlib.import_module(f"newsletter.store.{module.name}")


def migrate(
    engine: Engine,
    recognition_key: Callable[[], bytes] | None = None,
    *,
    today: Callable[[], date] | None = None,
) -> None:
    """Make the tables of a new database, or upgrade an older one; one process at a time does it.

    The key is asked for when an older one holds digests of words that are not under it yet, and
    the day when that changes the chain of events.
    SchemaError when the database is of a newer version, or is not as it should be. It is found out
    before anything is written, or in the one transaction that is then rolled back.
    """
    with read_only(engine) as connection:  # it waits for no writer, and need not be able to write
        revision = _revision(connection)
        if revision == HEAD:
            _insist_on_columns(connection)
        is_whole = revision == HEAD and not unfinished(connection)
    if revision != HEAD:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _bring_up(connection, recognition_key, today)
    if not is_whole:
        _forget(engine)


def _bring_up(
    connection: Connection,
    recognition_key: Callable[[], bytes] | None,
    today: Callable[[], date] | None,
) -> None:
    revision = _revision(connection)
    if revision is None:
        _create(connection)
    elif revision != HEAD:  # nobody was quicker
        _upgrade(connection, "head", recognition_key, today)
        if revision < _KEYED:
            mark_unfinished(connection)
    _insist_on_columns(connection)


def what_differs(engine: Engine) -> tuple[Difference, ...]:
    """Return where the tables are not as the code expects, if the version says that they should be.

    SchemaError when the database is not one of ours.
    """
    with read_only(engine) as connection:
        revision = _revision(connection)
    load_tables()
    return differences(engine) if revision == HEAD else ()


def create_at(connection: Connection, revision: str) -> None:
    """Make the tables of an empty database as they were at that revision, to be filled and then
    brought `up`."""
    if revision == HEAD:
        _create(connection)
    else:
        _upgrade(connection, revision)


def up(connection: Connection, revision: str) -> None:
    """Bring tables of that revision to the newest one, within the caller's transaction."""
    if revision != HEAD:
        _upgrade(connection, "head")
    _insist_on_columns(connection)


def drop_all(connection: Connection) -> None:
    """Drop our tables, whatever revision they are of, within the caller's transaction.

    SchemaError when a newer version of this program made them, or another program.
    """
    _revision(connection)
    load_tables()
    connection.execute(text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
    metadata.drop_all(connection)


def _revision(connection: Connection) -> str | None:
    """Return it, None for an empty database. SchemaError when it is not one of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    query = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  our own constant
    rows = connection.execute(query).scalars().all()
    revision = str(rows[0]) if len(rows) == 1 else ""
    if not re.fullmatch(r"\d{4}", revision):
        raise SchemaError(
            "the database is not one of this program: another one keeps its version in it",
            hint="name a database of its own in [database] url, or put back a backup",
        )
    if revision > HEAD:
        raise SchemaError(
            f"the database was made by a newer version of this program (schema {revision}; this "
            f"version knows {HEAD})",
            hint="upgrade the program on this machine to that version; nothing was changed",
        )
    return revision


def _insist_on_columns(connection: Connection) -> None:
    """SchemaError where one is missing, whatever the version says."""
    there = real_columns(connection)
    if fingerprint(there) == COLUMNS:
        return
    load_tables()  # slow, and only for databases that hold other tables too
    if missing := sorted(expected_columns() - there):
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise SchemaError(
            f"the database says that it is up to date, and lacks the column {missing[0]}{more}",
            hint="newsletter doctor says what differs and what to do; nothing was changed",
        )


def _create(connection: Connection) -> None:
    load_tables()
    if taken := sorted(set(metadata.tables) & set(inspect(connection).get_table_names())):
        raise SchemaError(
            f"the database has a table {taken[0]} and does not say which version made it",
            hint="name an empty database in [database] url, or put back a backup",
        )
    metadata.create_all(connection)
    connection.execute(
        text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    )
    row = text(f"INSERT INTO {VERSION_TABLE} VALUES (:head)")  # noqa: S608
    connection.execute(row, {"head": HEAD})


def _forget(engine: Engine) -> None:
    """Clear the old digests out of the files; where it fails or is killed, the next start does."""
    with suppress(StoreError):
        with read_only(engine) as connection:
            if not unfinished(connection):
                return
        forget_deleted(engine, *_UNKEYED)
        with engine.begin() as connection:
            clear_unfinished(connection)


def _upgrade(
    connection: Connection,
    revision: str,
    recognition_key: Callable[[], bytes] | None = None,
    today: Callable[[], date] | None = None,
) -> None:
    from alembic import command  # slow, and few databases need it

    command.upgrade(alembic_settings(connection, recognition_key, today), revision)


def alembic_settings(
    connection: Connection,
    recognition_key: Callable[[], bytes] | None = None,
    today: Callable[[], date] | None = None,
) -> "Config":
    """Return Alembic's settings for our migrations over this connection."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    settings.attributes["recognition_key"] = recognition_key
    settings.attributes["today"] = today
    return settings
