"""Every table's rows as JSON can hold them: read in one snapshot, written into an empty database.

The same rows come out of SQLite and of PostgreSQL, so that one can be moved into the other.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from newsletter.errors import StoreError
from newsletter.model.table_shape import TableShape, ValueKind
from newsletter.store.database import UtcDateTime, metadata
from newsletter.store.driver_errors import translated
from newsletter.store.real_tables import VERSION_TABLE, real_columns
from newsletter.store.schema import load_tables

# What lasts for minutes: how often a visitor asked, and pages between a POST and its GET.
PASSING = frozenset({"visits", "sealed_pages"})
_FETCHED = 200  # rows at a time: an item may be large
_KINDS: tuple[tuple[type[TypeEngine[Any]], ValueKind], ...] = (
    (UtcDateTime, ValueKind.MOMENT),
    (Date, ValueKind.DAY),
    (Interval, ValueKind.SECONDS),
    (JSON, ValueKind.JSON),
    (LargeBinary, ValueKind.BYTES),
    (Boolean, ValueKind.TRUTH),
    (Float, ValueKind.NUMBER),
    (Integer, ValueKind.WHOLE),
    (String, ValueKind.TEXT),
)
_TYPES: dict[ValueKind, TypeEngine[Any]] = {
    ValueKind.WHOLE: BigInteger(),
    ValueKind.NUMBER: Float(),
    ValueKind.TEXT: String(),
    ValueKind.TRUTH: Boolean(),
    ValueKind.MOMENT: UtcDateTime(),
    ValueKind.DAY: Date(),
    ValueKind.SECONDS: Interval(),
    ValueKind.BYTES: LargeBinary(),
    ValueKind.JSON: JSON(none_as_null=True),
}
_Convert = Callable[[Any], Any]
_TO_JSON: dict[ValueKind, _Convert] = {
    ValueKind.MOMENT: lambda value: value.isoformat(),
    ValueKind.DAY: lambda value: value.isoformat(),
    ValueKind.SECONDS: lambda value: value.total_seconds(),
    ValueKind.BYTES: lambda value: b64encode(value).decode(),
}
_FROM_JSON: dict[ValueKind, _Convert] = {
    ValueKind.MOMENT: lambda value: datetime.fromisoformat(value).astimezone(UTC),
    ValueKind.DAY: date.fromisoformat,
    ValueKind.SECONDS: lambda value: timedelta(seconds=value),
    ValueKind.BYTES: b64decode,
}


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees the whole database as it was at one moment. Others go on."""
    if engine.dialect.name == "sqlite":
        options: dict[str, Any] = {"snapshot": True}
    else:
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if connection.dialect.name == "postgresql":  # a slow disk must not end it
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield connection


def shapes(connection: Connection) -> tuple[TableShape, ...]:
    """Return every table that is kept, those that others refer to first."""
    load_tables()
    return tuple(
        TableShape(
            name=table.name,
            columns={column.name: _kind(column) for column in table.columns},
            rows=connection.execute(select(func.count()).select_from(table)).scalar_one(),
        )
        for table in metadata.sorted_tables
        if table.name not in PASSING
    )


def not_there(connection: Connection, tables: Iterable[TableShape]) -> str:
    """Return the first `table.column` of these that the database has not, or not of that kind;
    empty where it has all of them."""
    load_tables()
    real = real_columns(connection)
    for shape in tables:
        ours = metadata.tables.get(shape.name)
        for name, kind in shape.columns.items():
            column = None if ours is None else ours.columns.get(name)
            is_another = column is not None and _kind(column) is not kind
            if f"{shape.name}.{name}" not in real or shape.name == VERSION_TABLE or is_another:
                return f"{shape.name}.{name}"
    return ""


def rows(connection: Connection, shape: TableShape) -> Iterator[list[Any]]:
    """Yield the table's rows, in any order, a few at a time in memory."""
    converters = _converters(shape, _TO_JSON)
    query = select(*_table(shape).columns)
    for row in connection.execute(query, execution_options={"yield_per": _FETCHED}):
        yield _converted(row, converters)


def write(connection: Connection, shape: TableShape, some: Sequence[list[Any]]) -> None:
    """Insert rows as `rows` gave them, within the caller's transaction. StoreError for a row that
    a rule of the table refuses."""
    converters = _converters(shape, _FROM_JSON)
    converted = [_converted(row, converters) for row in some]
    try:
        if connection.dialect.name == "postgresql":
            with translated(connection.dialect):
                _copy(connection, shape, converted)
        elif converted:
            names = list(shape.columns)
            statement = insert(_table(shape))
            connection.execute(statement, [dict(zip(names, row, strict=True)) for row in converted])
    except (DBAPIError, connection.dialect.loaded_dbapi.DatabaseError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise StoreError(f"the database refused a row of {shape.name}: {reason}") from error


def _copy(connection: Connection, shape: TableShape, some: list[list[Any]]) -> None:
    """By COPY, which takes a tenth of the time of an INSERT each."""
    quoted = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quoted(name) for name in shape.columns)
    as_text = [at for at, kind in enumerate(shape.columns.values()) if kind is ValueKind.JSON]
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f"COPY {quoted(shape.name)} ({columns}) FROM STDIN") as copy:
        for row in some:
            for at in as_text:
                row[at] = None if row[at] is None else json.dumps(row[at])
            copy.write_row(row)
    cursor.close()


def without_nul(shape: TableShape, row: list[Any]) -> list[Any]:
    """Return the row as PostgreSQL can hold it: no text of it may have a NUL."""
    for at, kind in enumerate(shape.columns.values()):
        if kind is ValueKind.TEXT and row[at] is not None and "\0" in row[at]:
            row[at] = row[at].replace("\0", "")
    return row


def _kind(column: Column[Any]) -> ValueKind:
    return next(kind for of, kind in _KINDS if isinstance(column.type, of))


def _table(shape: TableShape) -> Table:
    columns = (Column(name, _TYPES[kind]) for name, kind in shape.columns.items())
    return Table(shape.name, MetaData(), *columns)


def _converters(
    shape: TableShape, by_kind: dict[ValueKind, _Convert]
) -> tuple[tuple[int, _Convert], ...]:
    kinds = enumerate(shape.columns.values())
    return tuple((at, by_kind[kind]) for at, kind in kinds if kind in by_kind)


def _converted(row: Sequence[Any], converters: tuple[tuple[int, _Convert], ...]) -> list[Any]:
    values = list(row)
    for at, convert in converters:
        if values[at] is not None:
            values[at] = convert(values[at])
    return values
