"""Mails to editors, and to members about their feeds: what about, and whether they left; each once.

Of what arrived from a storyteller no moment finer than a day is kept.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    case,
    delete,
    select,
    update,
)

from newsletter.model.reminder import (
    KeptReminder,
    ReminderKey,
    ReminderKind,
    StuckReminders,
    WantedMail,
)
from newsletter.store.database import UtcDateTime, metadata, read_only
from newsletter.store.inserts import insert_new

reminders = Table(
    "reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("about", String(300), nullable=False),
    Column("period", String(40), nullable=False),
    Column("editor", String(200), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("given_up_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    UniqueConstraint("kind", "about", "period", "editor"),
    sqlite_autoincrement=True,  # a mail that was given up is logged by its number
)
_WAITS = and_(reminders.c.sent_at.is_(None), reminders.c.given_up_at.is_(None))
_TO_MEMBER = "member-health"
_TO_EDITORS = reminders.c.kind != _TO_MEMBER
_KEPT = timedelta(days=400)  # longer than anything that is told once goes on being so
_LATELY = timedelta(days=30)  # what was given up, for `doctor`


class SqlReminders:
    """The mails on SQLite or PostgreSQL. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def known(self) -> frozenset[tuple[ReminderKey, str]]:
        """Return which reminders there are, or were, and to which editor."""
        columns = (reminders.c.kind, reminders.c.about, reminders.c.period, reminders.c.editor)
        with read_only(self._engine) as connection:
            return frozenset(
                (ReminderKey(ReminderKind(row.kind), row.about, row.period), row.editor)
                for row in connection.execute(select(*columns).where(_TO_EDITORS))
            )

    def add(self, mails: Iterable[WantedMail], *, now: datetime) -> None:
        """Keep mails that are to leave; those that are known already stay as they are."""
        rows = [_new(mail, now) for mail in mails]
        with self._engine.begin() as connection:
            if rows:
                connection.execute(insert_new(connection, reminders), rows)

    def begin_to_member(self, member: str, period: str, *, now: datetime) -> int | None:
        """Keep that a mail to a member is to leave now; return its number, None where it left."""
        task = {"kind": _TO_MEMBER, "about": member, "period": period, "editor": ""}
        row = {**task, "made_at": now, "due_at": now, "tries": 0, "reason": ""}
        it = and_(*(reminders.c[name] == value for name, value in task.items()))
        with self._engine.begin() as connection:
            connection.execute(insert_new(connection, reminders), [row])
            return connection.execute(select(reminders.c.id).where(it, _WAITS)).scalar()

    def due(self, *, now: datetime) -> tuple[KeptReminder, ...]:
        """List those that are due, the longest first."""
        query = (
            select(reminders)
            .where(reminders.c.due_at <= now, _WAITS, _TO_EDITORS)
            .order_by(reminders.c.due_at, reminders.c.id)
        )
        with read_only(self._engine) as connection:
            return tuple(map(_kept, connection.execute(query)))

    def take(self, ids: Collection[int], *, now: datetime, lease: timedelta) -> frozenset[int]:
        """Begin a try of those that are still due, and return which; they are due again after
        `lease` unless something is said of them before."""
        still_due = and_(reminders.c.id.in_(ids), reminders.c.due_at <= now, _WAITS)
        begun = (
            update(reminders)
            .where(still_due)
            .values(due_at=now + lease, tries=reminders.c.tries + 1)
            .returning(reminders.c.id)
        )
        with self._engine.begin() as connection:
            return frozenset(connection.execute(begun).scalars())

    def mark_sent(self, ids: Collection[int], *, now: datetime) -> None:
        """Keep that they left."""
        is_story = reminders.c.kind == ReminderKind.STORIES.value
        moment = case((is_story, reminders.c.made_at), else_=now)
        self._change(ids, sent_at=moment, due_at=case((is_story, moment), else_=reminders.c.due_at))

    def put_off(self, ids: Collection[int], *, until: datetime, reason: str = "") -> None:
        """Have them due then. `reason` says why a try failed, and names nobody."""
        self._change(ids, due_at=until, **({"reason": reason} if reason else {}))

    def give_up(self, ids: Collection[int], *, now: datetime, reason: str) -> None:
        """Keep that they are not tried again."""
        self._change(ids, given_up_at=now, reason=reason)

    def drop(self, ids: Collection[int]) -> None:
        """Forget them: what they were about is not so any more, and may be so again."""
        with self._engine.begin() as connection:
            connection.execute(delete(reminders).where(_these(ids)))

    def came_back(self, reminder_id: int, reason: str, now: datetime) -> bool:
        """Keep that a mail came back; return whether it is news. `reason` names nobody."""
        left = and_(reminders.c.id == reminder_id, reminders.c.given_up_at.is_(None))
        with self._engine.begin() as connection:
            gone = update(reminders).where(left).values(given_up_at=now, reason=reason)
            return connection.execute(gone).rowcount == 1

    def stuck(self, *, now: datetime) -> tuple[StuckReminders, ...]:
        """Count, by editor, what waits after a failed try, and what was given up lately."""
        is_given_up = reminders.c.given_up_at >= now - _LATELY
        failed = and_(reminders.c.reason != "", _WAITS | is_given_up)
        query = select(reminders.c.editor, reminders.c.given_up_at, reminders.c.reason)
        by_editor: dict[str, StuckReminders] = {}
        with read_only(self._engine) as connection:
            for editor, given_up_at, reason in connection.execute(
                query.where(failed).order_by(reminders.c.editor, reminders.c.id)
            ):
                before = by_editor.get(editor, StuckReminders(editor, 0, 0, ""))
                is_over = given_up_at is not None
                by_editor[editor] = StuckReminders(
                    editor, before.waiting + (not is_over), before.given_up + is_over, reason
                )
        return tuple(by_editor.values())

    def delete_old(self, *, now: datetime) -> None:
        """Forget mails of long ago."""
        with self._engine.begin() as connection:
            connection.execute(delete(reminders).where(reminders.c.made_at < now - _KEPT))

    def _change(self, ids: Collection[int], **values: Any) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(reminders).where(_these(ids)).values(**values))


def _these(ids: Collection[int]) -> ColumnElement[bool]:
    return and_(reminders.c.id.in_(ids), _WAITS)


def _new(mail: WantedMail, now: datetime) -> dict[str, Any]:
    is_story = mail.key.kind is ReminderKind.STORIES
    return {
        "kind": mail.key.kind.value,
        "about": mail.key.about,
        "period": mail.key.period,
        "editor": mail.editor,
        "made_at": now.replace(hour=0, minute=0, second=0, microsecond=0) if is_story else now,
        "due_at": mail.due_at,
        "tries": 0,
        "reason": "",
    }


def _kept(row: Any) -> KeptReminder:
    return KeptReminder(
        id=row.id,
        key=ReminderKey(ReminderKind(row.kind), row.about, row.period),
        editor=row.editor,
        made_at=row.made_at,
        tries=row.tries,
    )
