"""Which numbers were given, so that a restored database gives none of them to somebody else."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Connection, func, inspect, select, text

from newsletter.store.database import metadata
from newsletter.store.schema import load_tables


def given(connection: Connection) -> dict[str, int]:
    """Return the last number that was given, by table; also of rows that are gone."""
    there = set(inspect(connection).get_table_names())
    return {
        column.table.name: max(_highest(connection, column), _remembered(connection, column))
        for column in _numbered()
        if column.table.name in there
    }


def _numbered() -> list[Column[Any]]:
    """The columns that number their rows by themselves, one a table at most."""
    load_tables()
    columns = (one.autoincrement_column for one in metadata.sorted_tables)
    return [column for column in columns if column is not None]


def _highest(connection: Connection, column: Column[Any]) -> int:
    return connection.execute(select(func.max(column))).scalar() or 0


def _remembered(connection: Connection, column: Column[Any]) -> int:
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return 0
        seq = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return connection.execute(seq, {"name": column.table.name}).scalar() or 0
    sequence = _sequence(connection, column)
    if sequence is None:
        return 0
    last = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608  a name that the database gave
    return connection.execute(last).scalar() or 0


def go_on_after(connection: Connection, last: Mapping[str, int]) -> None:
    """Let each table give numbers that come after these, and after all that it has."""
    for column in _numbered():
        name = column.table.name
        number = max(_highest(connection, column), last.get(name, 0))
        if not number:
            continue
        if connection.dialect.name == "sqlite":
            _remember(connection, name, number)
        elif sequence := _sequence(connection, column):
            connection.execute(
                text("SELECT setval(:sequence, :number)"), {"sequence": sequence, "number": number}
            )


def _remember(connection: Connection, name: str, number: int) -> None:
    if not metadata.tables[name].dialect_options["sqlite"]["autoincrement"]:
        return  # it gives the highest number of its rows, and one more
    row = {"name": name, "number": number}
    connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), row)
    connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :number)"), row)


def _sequence(connection: Connection, column: Column[Any]) -> str | None:
    query = text("SELECT pg_get_serial_sequence(:name, :column)")
    names = {"name": column.table.name, "column": column.name}
    sequence: str | None = connection.execute(query, names).scalar()
    return sequence
