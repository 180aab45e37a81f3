"""How often somebody asked lately, by a keyed hash: what limits visitors over all processes."""

from datetime import datetime

from sqlalchemy import Column, Engine, Integer, LargeBinary, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from newsletter.store.database import UtcDateTime, metadata, read_only

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
        dialect = sqlite if self._engine.dialect.name == "sqlite" else postgresql
        new = dialect.insert(visits).values(key=key, count=amount, until=until)
        counted = new.on_conflict_do_update(
            index_elements=["key"],
            set_={"count": visits.c.count + amount},
        ).returning(visits.c.count)
        with self._engine.begin() as connection:
            connection.execute(delete(visits).where(visits.c.until <= now))
            total: int = connection.execute(counted).scalar_one()
        return total

    def count(self, key: bytes, *, now: datetime) -> int:
        """Return how many are counted now."""
        query = select(visits.c.count).where(visits.c.key == key, visits.c.until > now)
        with read_only(self._engine) as connection:
            return connection.scalar(query) or 0

    def purge(self, *, now: datetime) -> None:
        """Forget the counts whose time is over."""
        with self._engine.begin() as connection:
            connection.execute(delete(visits).where(visits.c.until <= now))
