"""How often somebody asked lately, by a keyed hash: what limits visitors over all processes."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Engine, Integer, LargeBinary, Table, delete, select

from newsletter.store.database import UtcDateTime, metadata, read_only
from newsletter.store.inserts import insert_for

visits = Table(
    "visits",
    metadata,
    Column("key", LargeBinary(16), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until", UtcDateTime, nullable=False, index=True),
)


class SqlVisits:
    """Counts that begin again when their time is over. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, key: bytes, amount: int, *, until: datetime, now: datetime) -> int:
        """Count `amount` more, `until` then if none is counted yet; return how many there are.

        Counts whose time is over are forgotten.
        """
        counted = _counted(self._engine.dialect.name)
        row = {"key": key, "count": amount, "until": until}
        with self._engine.begin() as connection:
            connection.execute(delete(visits).where(visits.c.until <= now))
            total: int = connection.execute(counted, row).scalar_one()
        return total

    def count(self, key: bytes, *, now: datetime) -> int:
        """Return how many are counted now."""
        query = select(visits.c.count).where(visits.c.key == key, visits.c.until > now)
        with read_only(self._engine) as connection:
            return connection.scalar(query) or 0


@cache
def _counted(dialect: str) -> Any:
    """The statement, kept: putting it together costs more than running it."""
    new = insert_for(dialect, visits)
    more = {"count": visits.c.count + new.excluded["count"]}
    return new.on_conflict_do_update(index_elements=["key"], set_=more).returning(visits.c.count)
