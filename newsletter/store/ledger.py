"""The ledger: who is to get an issue, frozen once, and how it went for each of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from newsletter.model.delivery import (
    REFUSED_BEFORE,
    SLOT_GIVEN,
    DeliveryState,
    ExclusionReason,
    Send,
    SendState,
)
from newsletter.model.subscriber import SubscriberState
from newsletter.store.database import read_only
from newsletter.store.day_shares import SqlDayShares
from newsletter.store.deliveries import deliveries, exclusions, in_state, sends
from newsletter.store.freezing import SEND_COLUMNS, SqlFreezing, send_of
from newsletter.store.provider_events import SqlDeliveryEvents
from newsletter.store.second_tries import SqlSecondTries
from newsletter.store.senders import SqlSenders
from newsletter.store.subscribers import subscribers
from newsletter.store.tallies import SqlTallies


class SqlLedger(
    SqlFreezing, SqlSenders, SqlTallies, SqlSecondTries, SqlDeliveryEvents, SqlDayShares
):
    """Sends and deliveries on SQLite or PostgreSQL. Each method is one transaction; audiences,
    senders, counts, second tries, what providers tell and shares of a day are inherited."""

    def find(self, issue_id: str) -> Send | None:
        """Return the send of that issue; None before its audience is frozen."""
        return self._one(select(*SEND_COLUMNS).where(sends.c.issue_id == issue_id))

    def sends(self) -> tuple[Send, ...]:
        """Return every send whose audience was ever frozen, by issue."""
        query = select(*SEND_COLUMNS).order_by(sends.c.issue_id)
        with self._engine.begin() as connection:
            return tuple(map(send_of, connection.execute(query)))

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
        query = select(*SEND_COLUMNS).where(may_go_on).order_by(sends.c.issue_id)
        with read_only(self._engine) as connection:
            return tuple(map(send_of, connection.execute(query)))

    def latest(self) -> Send | None:
        """Return the send that was frozen last; None before the first."""
        newest = (sends.c.frozen_at.desc(), sends.c.id.desc())
        return self._one(select(*SEND_COLUMNS).order_by(*newest).limit(1))

    def _one(self, query: Select[Any]) -> Send | None:
        with self._engine.begin() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else send_of(row)

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
