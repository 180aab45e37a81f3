"""INSERTs that know what to do about rows that are there already, on SQLite and on PostgreSQL."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table) -> Any:
    """Return an INSERT that leaves rows that are there already as they are."""
    return _insert_new(connection.dialect.name, table)


def upsert(
    connection: Connection, table: Table, rows: list[dict[str, Any]], key: tuple[str, ...]
) -> None:
    """Insert the rows; those whose key is there already are replaced."""
    connection.execute(_upsert(connection.dialect.name, table, key), rows)


# Both are kept: putting the statement together costs more than running it.
@cache
def _insert_new(dialect: str, table: Table) -> Any:
    return insert_for(dialect, table).on_conflict_do_nothing()


@cache
def _upsert(dialect: str, table: Table, key: tuple[str, ...]) -> Any:
    insert = insert_for(dialect, table)
    changed = {
        column.name: insert.excluded[column.name]
        for column in table.columns
        if column.name not in key
    }
    return insert.on_conflict_do_update(index_elements=key, set_=changed)


def insert_for(dialect: str, table: Table) -> Any:
    """Return a dialect's INSERT (`sqlite`, `postgresql`), to be told what a conflict does."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
