"""The marks of the secret keys that this database was used with: no key, too few bits to find one.

Links in mails and the hashes of people who left hold under these keys alone.
"""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Engine, String, Table, delete, select

from newsletter.store.database import advisory_lock, metadata, read_only
from newsletter.store.inserts import insert_new

secret_key_marks = Table("secret_key_marks", metadata, Column("mark", String, primary_key=True))
_ALL = select(secret_key_marks.c.mark)


def marks_in(connection: Connection) -> frozenset[str]:
    """Return the mark of each key that was used."""
    return frozenset(connection.execute(_ALL).scalars())


def add_marks(connection: Connection, marks: Collection[str]) -> None:
    """Keep these too, within the caller's transaction."""
    if marks:
        rows = [{"mark": mark} for mark in sorted(marks)]
        connection.execute(insert_new(connection, secret_key_marks), rows)


class SqlSecretKeyMarks:
    """Kept on SQLite or PostgreSQL, for every machine that uses the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> frozenset[str]:
        """Return the mark of each key that was used."""
        with read_only(self._engine) as connection:
            return marks_in(connection)

    def add(self, marks: Collection[str], *, to: Collection[str]) -> frozenset[str]:
        """Keep these too, unless others than `to` stand there by now. Returns what stands there."""
        with self._engine.begin() as connection:
            advisory_lock(connection, secret_key_marks.name)
            there = marks_in(connection)
            if there == frozenset(to):
                add_marks(connection, marks)
                there |= frozenset(marks)
        return there

    def replace(self, marks: Collection[str]) -> None:
        """Keep these alone."""
        with self._engine.begin() as connection:
            advisory_lock(connection, secret_key_marks.name)
            connection.execute(delete(secret_key_marks))
            add_marks(connection, marks)
