"""Who never got an issue, and how they are given to a sender once more."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine, func, select, update

from newsletter.model.delivery import AFTER_ANSWER, ANSWERED_STATES, DeliveryState, SendState
from newsletter.model.ledger import Missed
from newsletter.model.subscriber import SubscriberState
from newsletter.store.database import read_only
from newsletter.store.deliveries import deliveries, sends, settlements
from newsletter.store.outcomes import write_settlement
from newsletter.store.subscribers import subscribers
from newsletter.store.suppressions import Suppressions

_NEVER_GOT_IT = (DeliveryState.REFUSED, DeliveryState.BOUNCED, DeliveryState.UNCERTAIN)
_ANSWERED = [state.value for state in ANSWERED_STATES]


class SqlSecondTries:
    """Second tries on SQLite or PostgreSQL. Each method is one transaction."""

    _engine: Engine
    _suppressions: Suppressions

    def missed(self, send_id: int) -> tuple[Missed, ...]:
        """List who never got it, or may not have, and whether they may be mailed now."""
        person = (subscribers.c.address, subscribers.c.state, subscribers.c.paused_until)
        query = (
            select(
                deliveries.c.id, deliveries.c.state, func.coalesce(deliveries.c.code, ""), *person
            )
            .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(
                deliveries.c.send_id == send_id,
                deliveries.c.state.in_([state.value for state in _NEVER_GOT_IT]),
            )
            .order_by(deliveries.c.id)
        )
        with read_only(self._engine) as connection:
            rows = connection.execute(query).all()
            addresses = [row.address for row in rows if row.address is not None]
            barred = self._suppressions.among(connection, addresses) if addresses else ()
        return tuple(
            Missed(
                delivery_id=id_,
                state=DeliveryState(state),
                code=code,
                standing=SubscriberState(standing) if standing is not None else None,
                paused_until=paused_until,
                is_suppressed=address in barred,
            )
            for id_, state, code, address, standing, paused_until in rows
        )

    def try_again(
        self, chosen: Mapping[int, DeliveryState], *, decided_by: str, now: datetime
    ) -> int:
        """Let these wait again, by their delivery and the state in which they were chosen, write
        down who chose, and return how many it were: whoever has moved on since is left alone. A
        finished send runs again."""
        fresh = {
            "state": DeliveryState.WAITING.value,
            "available_at": now,
            "changed_at": now,
            "attempts": 0,
            "first_tried_at": None,
            "sender_id": None,
        }
        again = 0
        with self._engine.begin() as connection:
            for delivery_id, was in chosen.items():
                row = (deliveries.c.id == delivery_id, deliveries.c.state == was.value)
                if not connection.execute(update(deliveries).where(*row).values(fresh)).rowcount:
                    continue
                again += 1
                answered = AFTER_ANSWER if was in ANSWERED_STATES else "chosen again after: "
                write_settlement(
                    connection,
                    delivery_id,
                    DeliveryState.WAITING,
                    evidence=f"{answered}{was.value}",
                    by=decided_by,
                    now=now,
                )
            if again:
                of_send = select(deliveries.c.send_id).where(deliveries.c.id == delivery_id)
                finished = (
                    sends.c.id == of_send.scalar_subquery(),
                    sends.c.state == SendState.FINISHED.value,
                )
                goes_on = update(sends).where(*finished).values(state=SendState.RUNNING.value)
                connection.execute(goes_on)
        return again

    def count_answered(self, send_id: int) -> int:
        """Count the people whom a server answered for good: never fewer than a moment ago, also
        when some of them are tried again."""
        tried_again = (
            select(settlements.c.id)
            .where(
                settlements.c.delivery_id == deliveries.c.id,
                settlements.c.evidence.startswith(AFTER_ANSWER),
            )
            .exists()
        )
        query = select(func.count()).where(
            deliveries.c.send_id == send_id,
            deliveries.c.state.in_(_ANSWERED) | tried_again,
        )
        with read_only(self._engine) as connection:
            return connection.execute(query).scalar_one()
