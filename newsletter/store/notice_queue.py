"""Mails that people asked for and that have not left yet: numbers, and no address."""

from datetime import datetime, timedelta
from typing import Any

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

from newsletter.model.notice import NoticeKind, QueuedNotice, StuckNotices
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
    Column("reason", String),
    Column("given_up_at", UtcDateTime),
    UniqueConstraint("subscriber_id", "kind"),
    sqlite_autoincrement=True,  # a number is never given twice: the log names a mail by it
)


_WAITS = notices.c.given_up_at.is_(None)
_KEPT = timedelta(days=30)  # what was given up, for `doctor`


class SqlNoticeQueue:
    """The queue on SQLite or PostgreSQL. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, subscriber_id: int, kind: NoticeKind, *, now: datetime) -> None:
        """Add a mail; one of that kind that waits already is due now instead. One that was given up
        is over: this is another, with a number of its own."""
        fresh: dict[str, Any] = {"asked_at": now, "due_at": now, "tries": 0}
        fresh |= {"reason": None, "given_up_at": None}
        new = insert_for(self._engine.dialect.name, notices).values(
            subscriber_id=subscriber_id, kind=kind.value, **fresh
        )
        keys = ["subscriber_id", "kind"]
        of_theirs = and_(notices.c.subscriber_id == subscriber_id, notices.c.kind == kind.value)
        with self._engine.begin() as connection:
            connection.execute(delete(notices).where(of_theirs, notices.c.given_up_at.is_not(None)))
            connection.execute(new.on_conflict_do_update(index_elements=keys, set_=fresh))

    def take(self, *, now: datetime, lease: timedelta) -> QueuedNotice | None:
        """Take a mail that is due; it is due again after `lease` unless it is dropped before."""
        due = (
            select(notices.c.id)
            .where(notices.c.due_at <= now, _WAITS)
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

    def put_off(self, notice: QueuedNotice, *, until: datetime, reason: str) -> None:
        """Try it again then, unless it was asked for again meanwhile. `reason` names nobody."""
        later = update(notices).where(_same(notice)).values(due_at=until, reason=reason)
        with self._engine.begin() as connection:
            connection.execute(later)

    def give_up(self, notice: QueuedNotice, *, now: datetime, reason: str) -> None:
        """Keep it for a while as given up, unless it was asked for again meanwhile."""
        over = update(notices).where(_same(notice)).values(given_up_at=now, reason=reason)
        with self._engine.begin() as connection:
            connection.execute(over)
            connection.execute(delete(notices).where(notices.c.given_up_at < now - _KEPT))

    def drop(self, notice: QueuedNotice) -> None:
        """Forget it: it left, or nobody is there to get it."""
        with self._engine.begin() as connection:
            connection.execute(delete(notices).where(_same(notice)))

    def count(self) -> int:
        """Return how many wait."""
        with read_only(self._engine) as connection:
            return connection.scalar(select(func.count()).where(_WAITS)) or 0

    def is_due(self, now: datetime) -> bool:
        """Return whether one is to be tried at that moment."""
        query = select(notices.c.id).where(notices.c.due_at <= now, _WAITS).limit(1)
        with read_only(self._engine) as connection:
            return connection.scalar(query) is not None

    def oldest(self) -> datetime | None:
        """Return when the first of those that wait was asked for."""
        with read_only(self._engine) as connection:
            query = select(func.min(notices.c.asked_at)).where(_WAITS)
            first: datetime | None = connection.scalar(query)
        return first

    def stuck(self, *, now: datetime) -> StuckNotices:
        """Count what waits after a failed try, and what was given up lately."""
        failed = notices.c.reason.is_not(None)
        lately = notices.c.given_up_at >= now - _KEPT
        waiting = select(func.count()).select_from(notices).where(_WAITS, failed)
        given_up = select(func.count()).select_from(notices).where(lately)
        last = select(notices.c.reason).where(failed).order_by(notices.c.asked_at.desc()).limit(1)
        with read_only(self._engine) as connection:
            return StuckNotices(
                waiting=connection.scalar(waiting) or 0,
                given_up=connection.scalar(given_up) or 0,
                reason=connection.scalar(last) or "",
            )


def _same(notice: QueuedNotice) -> ColumnElement[bool]:
    return and_(notices.c.id == notice.id, notices.c.asked_at == notice.asked_at)
