"""Statements compiled once and put straight to the driver: what the ledger asks thousands of times.

SQLAlchemy's own way through a statement costs some 40 us, and the names of a result's columns as
much again; SQLite itself answers in 2 to 30 (docs/decisions/0402-the-ledger.md).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Float, Select, Update, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect

from newsletter.store.driver_errors import translated

_Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]
_Place = TypeVar("_Place", str, int)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compiled:
    """For one kind of database. `constants` are the values that the statement itself names;
    `binds` and `columns` turn ours into the driver's and back, where they differ."""

    sql: str
    constants: dict[str, Any]
    binds: tuple[tuple[str, _Convert], ...]
    columns: tuple[tuple[int, _Convert], ...]


class Prepared:
    """A statement with named values, run within a transaction of the caller's."""

    def __init__(self, statement: Select[Any] | Update) -> None:
        self._statement = statement
        self._known: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, values: _Values) -> list[list[Any]]:
        """Return all rows of the result."""
        compiled = self._compiled(connection.dialect)
        cursor = connection.connection.cursor()
        with translated(connection.dialect):
            cursor.execute(compiled.sql, _parameters(compiled, values))
            rows = [list(row) for row in cursor.fetchall()]
        cursor.close()
        for at, convert in compiled.columns:
            for row in rows:
                if row[at] is not None:
                    row[at] = convert(row[at])
        return rows

    def change(self, connection: Connection, each: Sequence[_Values]) -> int:
        """Run it with each of these values, and return how many rows that changed in all."""
        if not each:
            return 0
        compiled = self._compiled(connection.dialect)
        cursor = connection.connection.cursor()
        with translated(connection.dialect):
            cursor.executemany(compiled.sql, [_parameters(compiled, values) for values in each])
            changed: int = cursor.rowcount
        cursor.close()
        return changed

    def _compiled(self, dialect: Dialect) -> _Compiled:
        if dialect.name not in self._known:
            self._known[dialect.name] = _compile(self._statement, dialect)
        return self._known[dialect.name]


class UpdateOfRows:
    """An update for rows that are named by their numbers, in the column `row`.

    Neighbours, as the rows of one request mostly are, are named by the first and the last of them:
    naming each costs more than changing it. A single row is named alone, for SQLite takes four
    times as long over a range of one.
    """

    def __init__(self, row: Column[int], statement: Update) -> None:
        self._one = Prepared(statement.where(row == bindparam("row")))
        self._run = Prepared(statement.where(row.between(bindparam("first"), bindparam("last"))))

    def change(self, connection: Connection, ids: Sequence[int], values: _Values) -> int:
        """Change these rows, each named once, and return how many it changed."""
        runs: list[list[int]] = []
        for row in sorted(ids):
            if runs and runs[-1][1] == row - 1:
                runs[-1][1] = row
            else:
                runs.append([row, row])
        alone = [{**values, "row": first} for first, last in runs if first == last]
        others = [{**values, "first": first, "last": last} for first, last in runs if first < last]
        return self._one.change(connection, alone) + self._run.change(connection, others)


def _parameters(compiled: _Compiled, values: _Values) -> dict[str, Any]:
    parameters = {**compiled.constants, **values}
    for name, convert in compiled.binds:
        parameters[name] = convert(parameters[name])
    return parameters


def _compile(statement: Select[Any] | Update, dialect: Dialect) -> _Compiled:
    if dialect.name == "sqlite":
        dialect = sqlite.dialect(paramstyle="named")
    compiled: Any = statement.compile(dialect=dialect)
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    return _Compiled(
        sql=str(compiled),
        constants=compiled.construct_params(_check=False),
        binds=_where_needed(
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for name, bind in compiled.binds.items()
        ),
        columns=_where_needed(
            (at, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for at, column in enumerate(columns)
            if not isinstance(column.type, Float)  # every driver gives floats as floats
        ),
    )


def _where_needed(
    converters: Iterable[tuple[_Place, _Convert | None]],
) -> tuple[tuple[_Place, _Convert], ...]:
    return tuple((place, convert) for place, convert in converters if convert is not None)
