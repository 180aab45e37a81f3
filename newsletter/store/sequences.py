"""Which numbers were given, so that a restored database gives none of them to somebody else."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, func, inspect, select, text

from newsletter.store.database import metadata
from newsletter.store.schema import load_tables


def numbered() -> list[Table]:
    """Return the tables whose rows get a number by themselves."""
    load_tables()
    return [one for one in metadata.sorted_tables if one.autoincrement_column is not None]


def given(connection: Connection) -> dict[str, int]:
    """Return the last number that was given, by table; also of rows that are gone."""
    last = {}
    for one in numbered():
        column = one.autoincrement_column
        if column is None or not inspect(connection).has_table(one.name):
            continue
        highest = connection.execute(select(func.max(column))).scalar() or 0
        last[one.name] = max(highest, _remembered(connection, one.name, column.name))
    return last


def _remembered(connection: Connection, name: str, column: str) -> int:
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return 0
        seq = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return connection.execute(seq, {"name": name}).scalar() or 0
    sequence = _sequence(connection, name, column)
    if sequence is None:
        return 0
    last = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608  a name that the database gave
    return connection.execute(last).scalar() or 0


def go_on_after(connection: Connection, last: Mapping[str, int]) -> None:
    """Let each table give numbers that come after these, and after all that it has."""
    for one in numbered():
        column = one.autoincrement_column
        if column is None:
            continue
        highest = connection.execute(select(func.max(column))).scalar() or 0
        number = max(highest, last.get(one.name, 0))
        if not number:
            continue
        if connection.dialect.name == "sqlite":
            _remember(connection, one.name, number)
        elif sequence := _sequence(connection, one.name, column.name):
            connection.execute(
                text("SELECT setval(:sequence, :number)"), {"sequence": sequence, "number": number}
            )


def _remember(connection: Connection, name: str, number: int) -> None:
    if not metadata.tables[name].dialect_options["sqlite"]["autoincrement"]:
        return  # it gives the highest number of its rows, and one more
    row = {"name": name, "number": number}
    connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), row)
    connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :number)"), row)


def _sequence(connection: Connection, name: str, column: str) -> str | None:
    query = text("SELECT pg_get_serial_sequence(:name, :column)")
    sequence: str | None = connection.execute(query, {"name": name, "column": column}).scalar()
    return sequence
