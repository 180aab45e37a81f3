"""The marks of the secret keys that this database was used with: no key, too few bits to find one.

Links in mails and the hashes of people who left hold under these keys alone.
"""

from collections.abc import Collection

from sqlalchemy import Column, Engine, String, Table, delete, select

from newsletter.store.database import metadata, read_only
from newsletter.store.inserts import insert_new

secret_key_marks = Table("secret_key_marks", metadata, Column("mark", String, primary_key=True))


class SqlSecretKeyMarks:
    """Kept on SQLite or PostgreSQL, for every machine that uses the database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> frozenset[str]:
        """Return the mark of each key that was used."""
        with read_only(self._engine) as connection:
            return frozenset(connection.execute(select(secret_key_marks.c.mark)).scalars())

    def add(self, marks: Collection[str]) -> None:
        """Keep these too."""
        with self._engine.begin() as connection:
            rows = [{"mark": mark} for mark in sorted(marks)]
            connection.execute(insert_new(connection, secret_key_marks), rows)

    def forget_all_but(self, marks: Collection[str]) -> None:
        """Forget the marks of keys that are lost or leaked."""
        with self._engine.begin() as connection:
            connection.execute(
                delete(secret_key_marks).where(secret_key_marks.c.mark.not_in(marks))
            )
