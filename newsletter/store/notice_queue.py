"""Mails that people asked for and that have not left yet: numbers only, no address and no word."""

from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Integer,
    String,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    select,
    update,
)

from newsletter.model.notice import NoticeKind, QueuedNotice
from newsletter.store.database import UtcDateTime, metadata, read_only
from newsletter.store.inserts import insert_for
from newsletter.store.subscribers import subscribers

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", subscribers.c.id.type, nullable=False),
    Column("kind", String, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    UniqueConstraint("subscriber_id", "kind"),
)


class SqlNoticeQueue:
    """The queue on SQLite or PostgreSQL. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, subscriber_id: int, kind: NoticeKind, *, now: datetime) -> None:
        """Add a mail; one of that kind that waits already is due now instead."""
        fresh = {"asked_at": now, "due_at": now, "tries": 0}
        new = insert_for(self._engine.dialect.name, notices).values(
            subscriber_id=subscriber_id, kind=kind.value, **fresh
        )
        keys = ["subscriber_id", "kind"]
        with self._engine.begin() as connection:
            connection.execute(new.on_conflict_do_update(index_elements=keys, set_=fresh))

    def take(self, *, now: datetime, lease: timedelta) -> QueuedNotice | None:
        """Take a mail that is due; it is due again after `lease` unless it is dropped before."""
        due = (
            select(notices.c.id)
            .where(notices.c.due_at <= now)
            .order_by(notices.c.due_at, notices.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        taken = (
            update(notices)
            .where(notices.c.id == due.scalar_subquery())
            .values(due_at=now + lease, tries=notices.c.tries + 1)
            .returning(notices)
        )
        with self._engine.begin() as connection:
            row = connection.execute(taken).one_or_none()
        if row is None:
            return None
        return QueuedNotice(
            id=row.id,
            subscriber_id=row.subscriber_id,
            kind=NoticeKind(row.kind),
            asked_at=row.asked_at,
            tries=row.tries,
        )

    def put_off(self, notice: QueuedNotice, *, until: datetime) -> None:
        """Try it again then, unless it was asked for again meanwhile."""
        with self._engine.begin() as connection:
            connection.execute(update(notices).where(_same(notice)).values(due_at=until))

    def drop(self, notice: QueuedNotice) -> None:
        """Forget it: it left, was given up, or nobody is there to get it."""
        with self._engine.begin() as connection:
            connection.execute(delete(notices).where(_same(notice)))

    def oldest(self) -> datetime | None:
        """Return when the first of those that wait was asked for."""
        with read_only(self._engine) as connection:
            first: datetime | None = connection.scalar(select(func.min(notices.c.asked_at)))
        return first

    def count(self) -> int:
        """Return how many wait."""
        with read_only(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(notices)) or 0


def _same(notice: QueuedNotice) -> ColumnElement[bool]:
    return and_(notices.c.id == notice.id, notices.c.asked_at == notice.asked_at)
