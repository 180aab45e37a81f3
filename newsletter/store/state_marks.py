"""What the database knows of the state folder that goes with it: no key, only the mark of one."""

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    String,
    Table,
    delete,
    inspect,
    literal,
    select,
    table,
    text,
)

from newsletter.store.database import metadata, open_engine, read_only
from newsletter.store.database_address import address_of
from newsletter.store.inserts import insert_new, upsert

state_marks = Table(
    "state_marks",
    metadata,
    Column("name", String, primary_key=True),
    Column("mark", String, nullable=False),
)

_KEY = "recognition key"
_UNFINISHED = "old digests lie in the files"
# Whatever was entrusted to us, or mailed: a workspace with none of it has nothing to lose.
_HISTORY = ("story_submissions", "story_events", "story_stops", "sends")
_KEYS = select(literal(1)).where(state_marks.c.name == _KEY)


class SqlStateMarks:
    """The mark of the recognition key that the texts in this database were compared under."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def key_mark(self) -> str:
        """Return it; empty where there is none yet."""
        query = select(state_marks.c.mark).where(state_marks.c.name == _KEY)
        with read_only(self._engine) as connection:
            return connection.execute(query).scalar() or ""

    def add_key_mark(self, mark: str) -> str:
        """Keep a mark where there is none, and return the one that is kept: whoever is first."""
        if not self.key_mark():
            with self._engine.begin() as connection:
                connection.execute(
                    insert_new(connection, state_marks), {"name": _KEY, "mark": mark}
                )
        return self.key_mark()

    def replace_key_mark(self, mark: str) -> None:
        """Keep this mark in the place of any other: that key is lost."""
        with self._engine.begin() as connection:
            upsert(connection, state_marks, [{"name": _KEY, "mark": mark}], ("name",))


def unfinished(connection: Connection) -> bool:
    """Return whether an upgrade deleted digests that still lie in the database's files."""
    query = select(state_marks.c.mark).where(state_marks.c.name == _UNFINISHED)
    return connection.execute(query).scalar() is not None


def mark_unfinished(connection: Connection) -> None:
    """Say so, in the transaction of the upgrade."""
    connection.execute(insert_new(connection, state_marks), {"name": _UNFINISHED, "mark": ""})


def clear_unfinished(connection: Connection) -> None:
    """Say that they are gone."""
    connection.execute(delete(state_marks).where(state_marks.c.name == _UNFINISHED))


def has_history(url: str, root: Path) -> bool:
    """Return whether a database, of whatever version, knows of a story or a send. Makes none.

    StoreError when it does not answer.
    """
    parsed = address_of(url)
    if parsed.get_backend_name() == "sqlite" and not (root / (parsed.database or "")).is_file():
        return False
    engine = open_engine(url, root=root)
    try:
        with read_only(engine) as connection:
            if connection.dialect.name == "postgresql":  # while it is upgraded, nobody waits
                connection.execute(text("SET lock_timeout = '2s'"))
            there = set(inspect(connection).get_table_names())
            rows = [select(literal(1)).select_from(table(one)) for one in _HISTORY if one in there]
            if state_marks.name in there:
                rows.append(_KEYS)
            return any(connection.execute(row.limit(1)).scalar() for row in rows)
    finally:
        engine.dispose()
