"""The tables as the database itself tells them, beside those that the code expects.

`fingerprint` is asked at each start and costs one query; `differences` compares everything, and
is for whoever looks for what is wrong.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, Index, Table, UniqueConstraint, inspect, text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.schema import AddConstraint, CreateColumn, CreateIndex

from newsletter.store.database import metadata, read_only

VERSION_TABLE = "alembic_version"
_COLUMNS = {
    "sqlite": "SELECT m.name || '.' || p.name FROM sqlite_master m "
    "JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'",
    "postgresql": "SELECT c.relname || '.' || a.attname FROM pg_class c "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace",
}
_BACKUP = "put back the newest backup in which newsletter doctor finds nothing wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What is not as the code expects it, and what to do."""

    what: str
    remedy: str


def real_columns(connection: Connection) -> frozenset[str]:
    """Return `table.column` of all that is there."""
    return frozenset(connection.execute(text(_COLUMNS[connection.dialect.name])).scalars())


def expected_columns() -> frozenset[str]:
    """Return those of the code, of each table that is loaded."""
    mine = (
        f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c
    )
    return frozenset(mine) | {f"{VERSION_TABLE}.version_num"}


def fingerprint(columns: Iterable[str]) -> str:
    """Return what tells one set of columns from another."""
    return hashlib.sha256("\n".join(sorted(columns)).encode()).hexdigest()[:16]


def differences(engine: Engine) -> tuple[Difference, ...]:
    """Compare tables, columns, types, keys and indexes; every table has to be loaded.

    Tables that are not ours are nobody's fault: several programs may share a PostgreSQL.
    """
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with read_only(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [*_by_alembic(compare_metadata(context, metadata), connection.dialect)]
        found += _keys(connection)
    return tuple(found)


def _by_alembic(changes: Iterable[Any], dialect: Dialect) -> Iterator[Difference]:
    for change in changes:
        if isinstance(change, list):  # of one column
            yield from (_of_column(*one) for one in change)
        elif difference := _of_table(change[0], change[1:], dialect):
            yield difference


def _of_column(
    kind: str, _schema: Any, table: str, column: str, _existing: Any, is_now: Any, expected: Any
) -> Difference:
    words = {True: "may be empty", False: "may not be empty"}
    told = (words[bool(is_now)], words[bool(expected)]) if "null" in kind else (is_now, expected)
    what = f"the column {table}.{column}: is {told[0]}, should be {told[1]}"
    return Difference(what=what, remedy=_BACKUP)


def _of_table(kind: str, change: tuple[Any, ...], dialect: Dialect) -> Difference | None:
    match kind, change:
        case "add_table", (Table() as table,):
            return Difference(what=f"the table {table.name} is missing", remedy=_BACKUP)
        case "add_column", (_, str(name), Column() as column):
            return Difference(
                what=f"the column {name}.{column.name} is missing",
                remedy=_add(name, column, dialect),
            )
        case "remove_column", (_, str(name), Column() as column):
            if column.nullable or column.server_default is not None:
                return None
            what = f"the column {name}.{column.name} is not ours, and each row needs it"
            return Difference(what=what, remedy=_BACKUP)
        case "add_index", (Index() as index,):
            statement = str(CreateIndex(index).compile(dialect=dialect))
            return Difference(what=f"the index {index.name} is missing", remedy=_run(statement))
        case "remove_index", (Index() as index,) if index.unique:
            what = f"the index {index.name} is not ours, and refuses rows that are right"
            return Difference(what=what, remedy=_run(f"DROP INDEX {index.name}"))
        case "add_constraint", (UniqueConstraint() as rule,):
            columns = ", ".join(column.name for column in rule.columns)
            return Difference(
                what=f"{rule.table.name} ({columns}) may hold the same twice, and must not",
                remedy=_run(str(AddConstraint(rule).compile(dialect=dialect)))
                if dialect.name == "postgresql"
                else _BACKUP,
            )
        case (("add_fk" | "remove_fk" | "remove_constraint"), (rule,)):
            verb = "is missing" if kind == "add_fk" else "is not ours"
            return Difference(what=f"the rule {rule.name} {verb}", remedy=_BACKUP)
        case _:
            return None


def _add(table: str, column: Column[Any], dialect: Dialect) -> str:
    if not column.nullable and column.server_default is None:
        return _BACKUP
    return _run(f"ALTER TABLE {table} ADD COLUMN {CreateColumn(column).compile(dialect=dialect)}")


def _run(statement: str) -> str:
    return f"back up, then run in the database: {' '.join(statement.split())}"


def _keys(connection: Connection) -> Iterator[Difference]:
    """Compare which columns are the key: Alembic does not."""
    real = inspect(connection)
    there = set(real.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            continue
        key = [column.name for column in table.primary_key]
        is_now = real.get_pk_constraint(table.name)["constrained_columns"]
        if is_now != key:
            what = f"the key of {table.name} is ({', '.join(is_now)}), should be ({', '.join(key)})"
            yield Difference(what=what, remedy=_BACKUP)
