"""What the ledger adds up to, who is uncertain, and how the uncertain were settled."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Engine, Select, and_, func, select, update

from newsletter.model.delivery import (
    ARRIVED_STATES,
    DeliveryState,
    ExclusionReason,
    Settlement,
    Tally,
)
from newsletter.model.ledger import DeliveryLine, Mailed, Reached, UncertainDelivery
from newsletter.store.database import read_only
from newsletter.store.deliveries import (
    deliveries,
    exclusions,
    in_state,
    send_editions,
    senders,
    sends,
    settlements,
)
from newsletter.store.outcomes import write_settlement
from newsletter.store.subscribers import subscribers

_STATES = {state.value: state for state in DeliveryState}


class SqlTallies:
    """Counts of the ledger. Each method is one transaction."""

    _engine: Engine

    def tally(self, send_id: int) -> Tally:
        """Count the rows of a send by state and by reason, as they really are."""
        states = _counted(deliveries.c.state, deliveries.c.send_id == send_id)
        reasons = _counted(exclusions.c.reason, exclusions.c.send_id == send_id)
        twice = (
            select(func.count())
            .select_from(deliveries)
            .join(
                exclusions,
                and_(
                    exclusions.c.send_id == deliveries.c.send_id,
                    exclusions.c.subscriber_id == deliveries.c.subscriber_id,
                ),
            )
            .where(deliveries.c.send_id == send_id)
        )
        abandoned = (
            select(func.count())
            .select_from(deliveries)
            .outerjoin(senders, senders.c.id == deliveries.c.sender_id)
            .where(
                deliveries.c.send_id == send_id,
                deliveries.c.state == DeliveryState.CLAIMED.value,
                (senders.c.id.is_(None)) | (senders.c.ended_at.is_not(None)),
            )
        )
        with self._engine.begin() as connection:
            return Tally(
                states={DeliveryState(state): n for state, n in connection.execute(states)},
                exclusions={ExclusionReason(why): n for why, n in connection.execute(reasons)},
                twice=connection.execute(twice).scalar_one(),
                abandoned=connection.execute(abandoned).scalar_one(),
            )

    def reached(self, send_id: int) -> tuple[Reached, ...]:
        """Count the people who have each edition of a send, in the order in which those came."""
        query = (
            select(send_editions.c.language, send_editions.c.digest, func.count())
            .join(deliveries, deliveries.c.edition_id == send_editions.c.id)
            .where(
                deliveries.c.send_id == send_id,
                deliveries.c.state.in_([state.value for state in ARRIVED_STATES]),
            )
            .group_by(send_editions.c.id, send_editions.c.language, send_editions.c.digest)
            .order_by(send_editions.c.id)
        )
        with read_only(self._engine) as connection:
            return tuple(Reached(*row) for row in connection.execute(query))

    def last_moved(self, send_id: int) -> datetime | None:
        """Return when somebody's copy last came to another state; None before the first."""
        query = select(func.max(deliveries.c.changed_at)).where(deliveries.c.send_id == send_id)
        with read_only(self._engine) as connection:
            moved: datetime | None = connection.scalar(query)
        return moved

    def anybody_waits(self, send_id: int) -> bool:
        """Return whether somebody is to get it whom no sender has claimed."""
        waits = (deliveries.c.send_id == send_id, in_state(DeliveryState.WAITING))
        with read_only(self._engine) as connection:
            return (
                connection.execute(select(deliveries.c.id).where(*waits).limit(1)).first()
                is not None
            )

    def first_frozen(self) -> datetime | None:
        """Return when the first audience of all was frozen; None before it."""
        with read_only(self._engine) as connection:
            first: datetime | None = connection.scalar(select(func.min(sends.c.frozen_at)))
        return first

    def count_states(self, send_id: int) -> dict[DeliveryState, int]:
        """Count the people of a send by where their copy stands."""
        states = _counted(deliveries.c.state, deliveries.c.send_id == send_id)
        with read_only(self._engine) as connection:
            return {DeliveryState(state): n for state, n in connection.execute(states)}

    def lines(self, send_id: int) -> Iterator[DeliveryLine]:
        """Yield each delivery of a send, as a report counts it."""
        query = (
            select(
                send_editions.c.language,
                subscribers.c.address,
                deliveries.c.state,
                func.coalesce(deliveries.c.code, ""),
                func.coalesce(deliveries.c.reason, ""),
            )
            .join(send_editions, send_editions.c.id == deliveries.c.edition_id)
            .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(deliveries.c.send_id == send_id)
        )
        with self._engine.connect() as connection:
            rows = connection.execution_options(yield_per=2000).execute(query)
            for language, address, state, code, reason in rows:
                domain = (address or "").rpartition("@")[2].lower()
                yield DeliveryLine(language, domain, _STATES[state], code, reason)

    def mailed_to(self, subscriber_id: int) -> tuple[Mailed, ...]:
        """Return what that person was sent or is to be sent, newest last."""
        query = (
            select(
                sends.c.issue_id,
                send_editions.c.language,
                deliveries.c.state,
                deliveries.c.changed_at,
            )
            .join(sends, sends.c.id == deliveries.c.send_id)
            .join(send_editions, send_editions.c.id == deliveries.c.edition_id)
            .where(deliveries.c.subscriber_id == subscriber_id)
            .where(sends.c.last_subscriber_id >= subscriber_id)
            .order_by(sends.c.id)
        )
        with self._engine.begin() as connection:
            rows = connection.execute(query).all()
        return tuple(Mailed(issue, tag, _STATES[state], at) for issue, tag, state, at in rows)

    def uncertain(self, send_id: int) -> tuple[UncertainDelivery, ...]:
        """List the people who may or may not have got it."""
        query = (
            select(
                deliveries.c.id.label("delivery_id"),
                deliveries.c.subscriber_id,
                subscribers.c.address,
                deliveries.c.changed_at.label("since"),
                func.coalesce(deliveries.c.reason, "").label("reason"),
            )
            .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
            .where(
                deliveries.c.send_id == send_id,
                deliveries.c.state == DeliveryState.UNCERTAIN.value,
            )
            .order_by(deliveries.c.id)
        )
        with self._engine.begin() as connection:
            return tuple(UncertainDelivery(**row._asdict()) for row in connection.execute(query))

    def settle_uncertain(
        self,
        delivery_ids: Sequence[int],
        became: DeliveryState,
        *,
        evidence: str,
        decided_by: str,
        now: datetime,
    ) -> int:
        """Settle these by evidence or by choice, write down which, and return how many it were."""
        settled = 0
        values = {"state": became.value, "changed_at": now, "sender_id": None}
        with self._engine.begin() as connection:
            for delivery_id in delivery_ids:
                changed = connection.execute(
                    update(deliveries)
                    .where(
                        deliveries.c.id == delivery_id,
                        deliveries.c.state == DeliveryState.UNCERTAIN.value,
                    )
                    .values(values)
                ).rowcount
                settled += changed
                if changed:
                    decision = {"evidence": evidence, "by": decided_by}
                    write_settlement(connection, delivery_id, became, **decision, now=now)
        return settled

    def settlements(self, send_id: int) -> tuple[Settlement, ...]:
        """List how uncertain people of this send were settled, in order."""
        query = (
            select(*(settlements.c[field.name] for field in fields(Settlement)))
            .join(deliveries, deliveries.c.id == settlements.c.delivery_id)
            .where(deliveries.c.send_id == send_id)
            .order_by(settlements.c.id)
        )
        with self._engine.begin() as connection:
            return tuple(
                Settlement(**{**row._asdict(), "became": _STATES[row.became]})
                for row in connection.execute(query)
            )


def _counted(column: Column[str], rows: ColumnElement[bool]) -> Select[str, int]:
    return select(column, func.count()).where(rows).group_by(column)
