"""What a storyteller's page shows next: sealed under a key that only their browser has, briefly."""

from datetime import datetime

from sqlalchemy import Column, Engine, LargeBinary, String, Table, delete, func, insert, select

from newsletter.store.database import UtcDateTime, metadata, read_only, truncate_wal

sealed_pages = Table(
    "sealed_pages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
)

_id, _expires_at = sealed_pages.c.id, sealed_pages.c.expires_at


class SqlSealedPages:
    """Sealed pages, each read once. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, page_id: str, sealed: bytes, *, expires_at: datetime, most: int) -> None:
        """Keep a page; where there are `most`, the one goes that would go soonest."""
        with self._engine.begin() as connection:
            count = connection.scalar(select(func.count()).select_from(sealed_pages)) or 0
            if count >= most:
                oldest = select(_id).order_by(_expires_at).limit(count - most + 1)
                connection.execute(delete(sealed_pages).where(_id.in_(oldest)))
            row = {"id": page_id, "expires_at": expires_at, "sealed": sealed}
            connection.execute(insert(sealed_pages).values(**row))

    def take(self, page_id: str, *, now: datetime) -> bytes | None:
        """Return a page and delete it; None where there is none, or it is too old."""
        taken = delete(sealed_pages).where(_id == page_id)
        with self._engine.begin() as connection:
            row = connection.execute(
                taken.returning(sealed_pages.c.sealed, sealed_pages.c.expires_at)
            ).first()
        if row is None:
            return None
        truncate_wal(self._engine)
        sealed: bytes = row.sealed
        return sealed if row.expires_at > now else None

    def purge(self, *, now: datetime) -> int:
        """Delete what is too old; return how many pages still wait."""
        with self._engine.begin() as connection:
            connection.execute(delete(sealed_pages).where(_expires_at <= now))
        truncate_wal(self._engine)
        with read_only(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(sealed_pages)) or 0
