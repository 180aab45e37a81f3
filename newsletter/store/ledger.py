"""The ledger: who is to get an issue, frozen once, and how it went for each of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from newsletter.errors import AlreadyFrozenError
from newsletter.model.audience import Judge, Verdict
from newsletter.model.delivery import (
    REFUSED_BEFORE,
    SLOT_GIVEN,
    DeliveryState,
    ExclusionReason,
    Send,
    SendState,
)
from newsletter.model.ledger import NewSend
from newsletter.model.subscriber import SubscriberState
from newsletter.store.audiences import verdicts, write_excluded, write_waiting
from newsletter.store.database import read_only
from newsletter.store.day_shares import SqlDayShares
from newsletter.store.deliveries import deliveries, exclusions, in_state, send_editions, sends
from newsletter.store.provider_events import SqlDeliveryEvents
from newsletter.store.second_tries import SqlSecondTries
from newsletter.store.senders import SqlSenders
from newsletter.store.subscribers import subscribers
from newsletter.store.tallies import SqlTallies

_SEND_COLUMNS = [sends.c[field.name] for field in fields(Send)]


class SqlLedger(SqlSenders, SqlTallies, SqlSecondTries, SqlDeliveryEvents, SqlDayShares):
    """Sends and deliveries on SQLite or PostgreSQL. Each method is one transaction; senders,
    counts, second tries, what providers tell and shares of a day are inherited."""

    def find(self, issue_id: str) -> Send | None:
        """Return the send of that issue; None before its audience is frozen."""
        return self._one(select(*_SEND_COLUMNS).where(sends.c.issue_id == issue_id))

    def sends(self) -> tuple[Send, ...]:
        """Return every send whose audience was ever frozen, by issue."""
        query = select(*_SEND_COLUMNS).order_by(sends.c.issue_id)
        with self._engine.begin() as connection:
            return tuple(map(_send, connection.execute(query)))

    def unfinished(self, now: datetime) -> tuple[Send, ...]:
        """Return the sends that may go on at this moment, by issue: what runs, what is due, and
        what is finished but for people who wait again."""
        waits = (
            select(deliveries.c.id)
            .where(deliveries.c.send_id == sends.c.id, in_state(DeliveryState.WAITING))
            .exists()
        )
        may_go_on = or_(
            sends.c.state == SendState.RUNNING.value,
            and_(sends.c.state == SendState.SCHEDULED.value, sends.c.due_at <= now),
            and_(sends.c.state == SendState.FINISHED.value, waits),
        )
        query = select(*_SEND_COLUMNS).where(may_go_on).order_by(sends.c.issue_id)
        with read_only(self._engine) as connection:
            return tuple(map(_send, connection.execute(query)))

    def latest(self) -> Send | None:
        """Return the send that was frozen last; None before the first."""
        newest = (sends.c.frozen_at.desc(), sends.c.id.desc())
        return self._one(select(*_SEND_COLUMNS).order_by(*newest).limit(1))

    def _one(self, query: Select[Any]) -> Send | None:
        with self._engine.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _send(row)

    def audience_before(self, issue_id: str) -> dict[str, int]:
        """Count the people of each edition of the last weekly issue; empty when there was none."""
        weekly = select(sends.c.id).where(
            sends.c.issue_id != issue_id, ~sends.c.issue_id.like("%-_")
        )
        with self._engine.begin() as connection:
            last = connection.execute(weekly.order_by(sends.c.frozen_at.desc()).limit(1)).scalar()
            counts = connection.execute(
                select(send_editions.c.language, func.count())
                .join(deliveries, deliveries.c.edition_id == send_editions.c.id)
                .where(deliveries.c.send_id == last)
                .group_by(send_editions.c.language)
            )
            return {row[0]: row[1] for row in counts}

    def survey(
        self,
        judge: Judge,
        *,
        month: datetime | None = None,
        wrong: frozenset[str] | None = None,
    ) -> dict[Verdict, int]:
        """Count people by their verdict: the language of an edition, or why they get none.

        `month` is when this one began: a weekly issue since then is a monthly reader's. With
        `wrong`, the digests of editions, only those who have one of them, or may have."""
        counts: dict[Verdict, int] = {}
        with self._engine.begin() as connection:
            for chunk in verdicts(connection, judge, self._suppressions, month=month, wrong=wrong):
                for verdict, ids in chunk.items():
                    counts[verdict] = counts.get(verdict, 0) + len(ids)
        return counts

    def freeze(
        self, new: NewSend, judge: Judge, *, now: datetime, month: datetime | None = None
    ) -> Send:
        """Write down, in one transaction, who gets which edition, and why each other person none.

        AlreadyFrozenError when that is done: of two at once, the second waits for the first.
        """
        state = SendState.RUNNING if new.due_at is None else SendState.SCHEDULED
        with self._snapshot() as connection:
            known = select(sends.c.id).where(sends.c.issue_id == new.issue_id)
            if connection.execute(known).first():
                raise AlreadyFrozenError(
                    f"The list of readers for {new.issue_id} is already fixed."
                )
            send_id = connection.execute(
                insert(sends)
                .values(
                    issue_id=new.issue_id,
                    state=state.value,
                    digest=new.digest,
                    frozen_at=now,
                    due_at=new.due_at,
                    rate=new.rate,
                    corrects=new.corrects,
                    candidates=0,
                    audience=0,
                    excluded=0,
                    last_subscriber_id=0,
                )
                .returning(sends.c.id)
            ).scalar_one()
            ids = _new_editions(connection, send_id, new.editions)
            audience = excluded = last_id = 0
            wrong = new.wrong if new.corrects else None
            for chunk in verdicts(connection, judge, self._suppressions, month=month, wrong=wrong):
                for verdict, people in chunk.items():
                    last_id = max(last_id, people[-1])
                    if isinstance(verdict, ExclusionReason):
                        excluded += len(people)
                        write_excluded(connection, send_id, verdict, people)
                    else:
                        audience += len(people)
                        write_waiting(connection, send_id, ids[verdict], people)
            connection.execute(
                update(sends)
                .where(sends.c.id == send_id)
                .values(
                    candidates=audience + excluded,
                    audience=audience,
                    excluded=excluded,
                    last_subscriber_id=last_id,
                )
            )
            row = connection.execute(select(*_SEND_COLUMNS).where(sends.c.id == send_id)).one()
        return _send(row)

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Begin a transaction that sees everybody as they were at that moment, with all that was
        frozen before it: one freezes at a time."""
        if self._engine.dialect.name == "sqlite":  # has one writer anyway
            with self._engine.begin() as connection:
                yield connection
            return
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.begin() as connection:
            # The only way to wait that leaves the snapshot to the next statement: any SELECT, also
            # one of an advisory lock, takes it before it waits. It stops nobody who sends.
            connection.execute(text("LOCK TABLE sends IN SHARE UPDATE EXCLUSIVE MODE"))
            yield connection

    def replace_version(self, send_id: int, *, digest: str, editions: Mapping[str, str]) -> int:
        """Give the newly approved editions (digests by language) to the people who still wait, and
        return how many that are."""
        changed = 0
        with self._engine.begin() as connection:
            ids = _new_editions(connection, send_id, editions)
            for language, edition_id in ids.items():
                older = select(send_editions.c.id).where(
                    send_editions.c.send_id == send_id,
                    send_editions.c.language == language,
                    send_editions.c.id != edition_id,
                )
                changed += connection.execute(
                    update(deliveries)
                    .where(
                        deliveries.c.send_id == send_id,
                        deliveries.c.state == DeliveryState.WAITING.value,
                        deliveries.c.edition_id.in_(older),
                    )
                    .values(edition_id=edition_id)
                ).rowcount
            connection.execute(update(sends).where(sends.c.id == send_id).values(digest=digest))
        return changed

    def change_state(
        self, send_id: int, state: SendState, *, only_from: tuple[SendState, ...]
    ) -> bool:
        """Pause, resume, start or cancel; False when it stands in none of those states."""
        allowed = [before.value for before in only_from]
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(sends)
                .where(sends.c.id == send_id, sends.c.state.in_(allowed))
                .values(state=state.value)
            ).rowcount
        return changed == 1

    def wait_again(
        self, send_id: int, *, now: datetime, giving_back: Callable[[int], None]
    ) -> None:
        """Let those wait again who were refused since the last acceptance, and begin the time anew
        of those who were put off: they were refused as everyone was.

        `giving_back` hears how many the first are, before it is so.
        """
        of_send = deliveries.c.send_id == send_id
        accepted = select(func.max(deliveries.c.changed_at)).where(
            of_send, in_state(DeliveryState.ACCEPTED)
        )
        put_off = and_(
            in_state(DeliveryState.WAITING),
            deliveries.c.attempts > 0,
            deliveries.c.reason.not_in((SLOT_GIVEN, REFUSED_BEFORE)),
        )
        anew = {"state": DeliveryState.WAITING.value, "available_at": now, "first_tried_at": None}
        with self._engine.begin() as connection:
            last = connection.execute(accepted).scalar()
            refused = in_state(DeliveryState.REFUSED)
            if last is not None:
                refused = and_(refused, deliveries.c.changed_at >= last)
            count = select(func.count()).select_from(deliveries).where(of_send, refused)
            giving_back(connection.execute(count).scalar_one())
            again = update(deliveries).values(**anew, sender_id=None, code=None)
            connection.execute(again.where(of_send, put_off).values(attempts=0, reason=None))
            connection.execute(again.where(of_send, refused).values(reason=REFUSED_BEFORE))

    def set_hold_id(self, send_id: int, hold_id: str) -> str:
        """Remember under which name the provider holds this send's mail, and return the name that
        counts: that of the first who had one."""
        of_send = sends.c.id == send_id
        with self._engine.begin() as connection:
            first = update(sends).where(of_send, sends.c.hold_id.is_(None)).values(hold_id=hold_id)
            connection.execute(first)
            kept: str = connection.execute(select(sends.c.hold_id).where(of_send)).scalar_one()
        return kept

    def set_rate(self, send_id: int, rate: float | None) -> None:
        """Set how many messages a second may leave, over all senders; None is no limit."""
        with self._engine.begin() as connection:
            connection.execute(
                update(sends).where(sends.c.id == send_id).values(rate=rate, next_at=None)
            )

    def finish(self, send_id: int, now: datetime) -> bool:
        """Mark the send finished, unless somebody waits or is being handed over; return which.

        People who joined after the freeze become exclusions of their own, so that the question "why
        did I not get it" has an answer for everyone; a correction is for nobody who joined later.
        """
        with self._engine.begin() as connection:
            row = connection.execute(
                select(sends).where(sends.c.id == send_id).with_for_update()
            ).one()
            open_rows = connection.execute(
                select(deliveries.c.id)
                .where(
                    deliveries.c.send_id == send_id,
                    deliveries.c.state.in_(
                        (DeliveryState.WAITING.value, DeliveryState.CLAIMED.value)
                    ),
                )
                .limit(1)
            ).first()
            may_end = (SendState.RUNNING.value, SendState.STOPPED.value)
            if open_rows is not None or row.state not in may_end:
                return False
            newcomers = select(
                literal(send_id), subscribers.c.id, literal(ExclusionReason.JOINED_LATER.value)
            ).where(
                subscribers.c.id > row.last_subscriber_id,
                subscribers.c.state == SubscriberState.CONFIRMED.value,
                literal(row.corrects is None),
            )
            new = insert(exclusions).from_select(["send_id", "subscriber_id", "reason"], newcomers)
            joined = len(connection.execute(new.returning(exclusions.c.subscriber_id)).all())
            highest = connection.execute(select(func.max(subscribers.c.id))).scalar()
            connection.execute(
                update(sends)
                .where(sends.c.id == send_id)
                .values(
                    state=SendState.FINISHED.value,
                    finished_at=now,
                    candidates=row.candidates + joined,
                    excluded=row.excluded + joined,
                    last_subscriber_id=max(row.last_subscriber_id, highest or 0),
                )
            )
        return True


def _new_editions(
    connection: Connection, send_id: int, editions: Mapping[str, str]
) -> dict[str, int]:
    """The number of each edition's row, by language; a new row where the digest is new."""
    ids: dict[str, int] = {}
    for language, digest in editions.items():
        values = {"send_id": send_id, "language": language, "digest": digest}
        known = connection.execute(select(send_editions.c.id).filter_by(**values)).scalar()
        if known is None:
            new = insert(send_editions).values(values).returning(send_editions.c.id)
            known = connection.execute(new).scalar_one()
        ids[language] = known
    return ids


def _send(row: Row[Any]) -> Send:
    fields = dict(zip((column.key for column in _SEND_COLUMNS), row, strict=True))
    return Send(**{**fields, "state": SendState(fields["state"])})
