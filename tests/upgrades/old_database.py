"""A release's database from its text, on either kind, and rows that can be compared across them."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, Engine, MetaData, insert, text
from sqlalchemy.types import TypeEngine

Rows = dict[str, list[dict[str, object]]]


def rows_of(sql: str) -> Rows:
    """Return the rows of each table, as SQLite has them."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        database.executescript(sql)
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [row["name"] for row in names if not row["name"].startswith("sqlite_")]
        return {
            name: [dict(row) for row in database.execute(f"SELECT * FROM {name}")]
            for name in tables
        }


def fill_sqlite(path: Path, sql: str) -> None:
    """Make the file."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql)


def fill_postgres(engine: Engine, tables: str, rows: Rows) -> None:
    """Make the tables by the release's own words, and put SQLite's rows into them."""
    with engine.begin() as connection:
        for statement in tables.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        there = MetaData()
        there.reflect(connection)
        for table in there.sorted_tables:
            types = {column.name: column.type for column in table.c}
            for row in rows.get(table.name, []):
                values = {name: _as_typed(value, types[name]) for name, value in row.items()}
                connection.execute(insert(table).values(values))
            _go_on_counting(connection, table.name, list(table.primary_key))


def _go_on_counting(connection: Connection, table: str, key: list[Any]) -> None:
    for column in key:
        sequence = f"pg_get_serial_sequence('{table}', '{column.name}')"
        if connection.execute(text(f"SELECT {sequence}")).scalar():
            highest = f"(SELECT coalesce(max({column.name}), 0) + 1 FROM {table})"
            connection.execute(text(f"SELECT setval({sequence}, {highest}, false)"))


def _as_typed(value: Any, kind: TypeEngine[Any]) -> object:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(kind, JSON):
        return json.loads(value)
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return value


def comparable(value: Any) -> object:
    """Return the same for what both kinds keep of one value."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.dumps(json.loads(value), sort_keys=True)
    if isinstance(value, str) and len(value) == len("2026-11-30 01:02:03.000000"):
        try:
            return datetime.fromisoformat(value).isoformat()
        except ValueError:
            return value
    return value
