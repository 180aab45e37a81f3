"""The engine, the one metadata, and what every table module needs. All times are stored as UTC."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    MetaData,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.types import TypeDecorator

from newsletter.errors import StoreError
from newsletter.store.database_address import address_of
from newsletter.store.driver_errors import translate, translated

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


PROGRAM = "newsletter"  # what a PostgreSQL server knows our connections by
_PATIENCE = "10"  # seconds to wait for a PostgreSQL server, unless its address says otherwise
_ANY_LANGUAGE = "UTF8"  # what a PostgreSQL database has to be kept in


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in, the same moment in UTC out. A naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the store")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def open_engine(url: str, *, root: Path) -> Engine:
    """Open `sqlite:///file` (relative to `root`) or `postgresql://…` (psycopg 3)."""
    parsed = address_of(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed, root)
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg").update_query_dict(
            {"connect_timeout": _PATIENCE, "application_name": PROGRAM}
            | dict(parsed.query)
            | {"client_encoding": _ANY_LANGUAGE}
        ),
        pool_pre_ping=True,
        hide_parameters=True,
    )
    event.listen(engine, "handle_error", translate)
    event.listen(engine, "connect", _refuse_what_holds_no_language)
    event.listen(engine, "connect", _let_go_of_the_suspended)
    return engine


def _refuse_what_holds_no_language(connection: Any, _record: Any) -> None:
    """Where a Debian has no locale, its PostgreSQL makes databases for ASCII, which tell bytes for
    text."""
    kept_in = connection.info.parameter_status("server_encoding")
    if kept_in != _ANY_LANGUAGE:
        raise StoreError(
            f"the database is kept in {kept_in}, which does not hold every language",
            hint="make it again, as a user who may: createdb -E UTF8 -T template0 NAME",
        )


def _let_go_of_the_suspended(connection: Any, _record: Any) -> None:
    """A machine that is suspended in mid-transaction holds its rows for a minute and no longer."""
    connection.execute("SET idle_in_transaction_session_timeout = '1min'")
    connection.commit()


def with_fsync(engine: Engine) -> Engine:
    """Return the same database, through which commits survive a power cut, in SQLite too."""
    return engine.execution_options(with_fsync=True)


def read_only(engine: Engine) -> Connection:
    """Open a connection for reading only. It waits for no writer."""
    return engine.connect().execution_options(read_only=True)


def advisory_lock(connection: Connection, with_what: str) -> None:
    """Wait for others that change the same thing, and hold them off to the transaction's end.

    So two that look first and then write never collide. SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        lock = select(func.pg_advisory_xact_lock(func.hashtextextended(with_what, 0)))
        connection.execute(lock)


def _open_sqlite(url: URL, root: Path) -> Engine:
    if url.database and url.database != ":memory:":
        url = url.set(database=str(root / url.database))
    engine = create_engine(url, hide_parameters=True)  # an error must name nobody
    event.listen(engine, "handle_error", translate)

    @event.listens_for(engine, "do_connect")
    def keep_private(_dialect: Any, _record: Any, asked: list[Any], options: Any) -> None:
        if url.database and (address := _read_only_address(Path(url.database))):
            asked[0], options["uri"] = address, True
            return
        # SQLite itself would let everyone on the machine read the addresses of a new database;
        # its log and index beside take over what the file allows.
        if url.database and not url.database.startswith((":", "file:")):
            with suppress(OSError):  # it is there, or cannot be: then SQLite says why
                os.close(os.open(url.database, os.O_CREAT | os.O_EXCL, 0o600))

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: see `begin`
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 10000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is gone from the file too
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("read_only"):
            return
        if options.get("snapshot"):  # a reader that sees one moment, and holds up no writer
            connection.connection.driver_connection.execute("BEGIN")
            return
        if options.get("with_fsync") and not connection.info.get("with_fsync"):
            connection.exec_driver_sql("PRAGMA synchronous = FULL")
            connection.info["with_fsync"] = True  # for as long as this connection is open
        # IMMEDIATE: two writers wait for each other here, where busy_timeout helps, and never
        # fail half-way through a transaction that began by reading.
        with translated(connection.dialect):
            connection.connection.driver_connection.execute("BEGIN IMMEDIATE")

    return engine


def _read_only_address(path: Path) -> str | None:
    """What SQLite opens a file as that it cannot keep its log beside; None where it can.

    Of a file without a log nothing is missing: it is read as if nobody could write it. StoreError
    when there is a log without its index: that cannot be read in place.
    """
    if not path.is_file() or os.access(path.parent, os.W_OK):
        return None
    log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
    has_log = log.exists() and log.stat().st_size > 0
    if has_log and not index.exists():
        raise StoreError(
            f"{path} cannot be read here: {log.name} beside it holds what was written last, and "
            "the folder is read-only",
            hint="copy the workspace to a folder that can be written, and look there",
        )
    return f"{path.absolute().as_uri()}?mode=ro{'' if index.exists() else '&immutable=1'}"


def truncate_wal(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, which still holds what was just deleted.

    Does not wait: while somebody else reads or writes, the next call finds the log instead.
    """
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            cursor.execute("PRAGMA busy_timeout = 10000")
            cursor.close()
    finally:
        raw.close()


def forget_deleted(engine: Engine, *tables: str) -> None:
    """Have what was deleted gone from the database's files: SQLite's log, PostgreSQL's old rows."""
    truncate_wal(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM FULL {', '.join(tables)}")
