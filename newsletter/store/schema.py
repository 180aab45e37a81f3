"""Brings a database to the newest schema. Cheap when it is there: Alembic stays unloaded."""

import importlib
import pkgutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

import newsletter.store
from newsletter.errors import ServiceError
from newsletter.store.database import forget_deleted, metadata, read_only

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0008"  # the newest file of migrations/versions; a test holds that they agree
MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"
_KEYED = "0004"  # databases before it hold digests of words that are not under the key
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
    ServiceError when the database was made by a newer version of this program.
    """
    with read_only(engine) as connection:  # it waits for no writer, and need not be able to write
        if _revision(connection) == HEAD:
            return
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        revision = _revision(connection)
        if revision is None:
            _create(connection)
        elif revision != HEAD:  # nobody was quicker
            _upgrade(connection, revision, alembic_settings(connection, recognition_key, today))
    if revision is not None and revision < _KEYED:
        forget_deleted(engine, "story_submissions", "story_stops", "story_events")


def create_at(connection: Connection, revision: str) -> None:
    """Make the tables of an empty database as they were at that revision, to be filled and then
    brought `up`."""
    if revision == HEAD:
        _create(connection)
    else:
        from alembic import command

        command.upgrade(alembic_settings(connection), revision)


def up(connection: Connection, revision: str) -> None:
    """Bring tables of that revision to the newest one, within the caller's transaction."""
    if revision != HEAD:
        _upgrade(connection, revision, alembic_settings(connection))


def drop_all(connection: Connection) -> None:
    """Drop our tables, whatever revision they are of, within the caller's transaction.

    ServiceError when a newer version of this program made them.
    """
    revision = _revision(connection)
    if revision is not None and revision > HEAD:
        raise _newer(revision)
    load_tables()
    connection.execute(text(f"DROP TABLE IF EXISTS {_VERSION_TABLE}"))
    metadata.drop_all(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    revision: str | None = connection.execute(
        text(f"SELECT version_num FROM {_VERSION_TABLE}")  # noqa: S608  our own constant
    ).scalar()
    return revision


def _create(connection: Connection) -> None:
    load_tables()
    metadata.create_all(connection)
    connection.execute(
        text(f"CREATE TABLE {_VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    )
    connection.execute(
        text(f"INSERT INTO {_VERSION_TABLE} VALUES (:head)"),  # noqa: S608
        {"head": HEAD},
    )


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


def _upgrade(connection: Connection, revision: str, settings: "Config") -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(settings).walk_revisions()}
    if revision not in known:
        raise _newer(revision)
    command.upgrade(settings, "head")


def _newer(revision: str) -> ServiceError:
    return ServiceError(
        f"the database was made by a newer version of this program (schema {revision})",
        hint="upgrade the program on this machine to that version",
    )
