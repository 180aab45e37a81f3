"""What providers and returned mail said after a hand-over, each thing kept once."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    func,
    or_,
    select,
    update,
)

from newsletter.model.delivery import ANSWERED_STATES, DeliveryEvent, DeliveryState, EventKind
from newsletter.store.database import UtcDateTime, metadata
from newsletter.store.deliveries import deliveries, sends
from newsletter.store.inserts import insert_new
from newsletter.store.outcomes import write_settlement

delivery_events = Table(
    "delivery_events",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("event_id", String, unique=True),
    Column("fingerprint", String, nullable=False, unique=True),
    Column("delivery_id", ForeignKey("deliveries.id"), index=True),
    Column("kind", String, nullable=False),
    Column("happened_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("code", String),
    Column("reason", String),
    Column("raw", Text),
)

# What an event makes of a row, however the events are ordered: a row only ever moves down this
# list. A message that was taken stays taken; a complaint outlives everything.
_BECOMES = {
    EventKind.PROCESSED: DeliveryState.ACCEPTED,
    EventKind.DEFERRED: DeliveryState.ACCEPTED,
    EventKind.DELIVERED: DeliveryState.DELIVERED,
    EventKind.LEFT: DeliveryState.DELIVERED,
    EventKind.DROPPED: DeliveryState.REFUSED,
    EventKind.BLOCKED: DeliveryState.BOUNCED,
    EventKind.BOUNCED: DeliveryState.BOUNCED,
    EventKind.COMPLAINED: DeliveryState.COMPLAINED,
}
_RANK = dict.fromkeys(DeliveryState, 0) | {
    state: rank for rank, state in enumerate(ANSWERED_STATES, start=1)
}


class SqlDeliveryEvents:
    """Events on SQLite or PostgreSQL. Each method is one transaction."""

    _engine: Engine

    def has_event(self, event: DeliveryEvent) -> bool:
        """Return whether it was told before, under the same id or another one."""
        same = delivery_events.c.fingerprint == event.fingerprint
        if event.event_id:
            same = or_(same, delivery_events.c.event_id == event.event_id)
        with self._engine.begin() as connection:
            return connection.execute(select(delivery_events.c.id).where(same)).first() is not None

    def record_event(
        self, event: DeliveryEvent, *, issue_id: str, subscriber_id: int, now: datetime
    ) -> bool:
        """Keep an event and move its delivery's row on; False when it was told before.

        An uncertain delivery is settled by it, and that is written down as evidence.
        """
        with self._engine.begin() as connection:
            row = connection.execute(
                select(deliveries.c.id, deliveries.c.state)
                .join(sends, sends.c.id == deliveries.c.send_id)
                .where(sends.c.issue_id == issue_id, deliveries.c.subscriber_id == subscriber_id)
                .with_for_update(of=deliveries)
            ).one_or_none()
            new = insert_new(connection, delivery_events).values(
                event_id=event.event_id or None,
                fingerprint=event.fingerprint,
                delivery_id=row.id if row else None,
                kind=event.kind.value,
                happened_at=event.happened_at,
                received_at=now,
                code=event.code or None,
                reason=event.reason or None,
                raw=event.raw or None,
            )
            if connection.execute(new.returning(delivery_events.c.id)).first() is None:
                return False
            if row is not None:
                _move_on(connection, row.id, DeliveryState(row.state), event, now)
        return True

    def event_counts(self, send_id: int) -> dict[EventKind, int]:
        """Count the deliveries of a send that had each kind of event."""
        query = (
            select(delivery_events.c.kind, func.count(delivery_events.c.delivery_id.distinct()))
            .join(deliveries, deliveries.c.id == delivery_events.c.delivery_id)
            .where(deliveries.c.send_id == send_id)
            .group_by(delivery_events.c.kind)
        )
        with self._engine.begin() as connection:
            return {EventKind(row[0]): row[1] for row in connection.execute(query)}

    def settle_by_events(self, send_id: int, now: datetime) -> int:
        """Settle each uncertain delivery that had an event while being handed over, and return how
        many those are."""
        query = (
            select(deliveries.c.id, delivery_events.c.kind)
            .join(delivery_events, delivery_events.c.delivery_id == deliveries.c.id)
            .where(
                deliveries.c.send_id == send_id,
                deliveries.c.state == DeliveryState.UNCERTAIN.value,
            )
        )
        with self._engine.begin() as connection:
            states: dict[int, DeliveryState] = {}
            for delivery_id, kind in connection.execute(query):
                state = _BECOMES.get(EventKind(kind))
                before = states.get(delivery_id, DeliveryState.UNCERTAIN)
                if state and _RANK[state] > _RANK[before]:
                    states[delivery_id] = state
            for delivery_id, state in states.items():
                _become(connection, delivery_id, state, now, evidence="an event")
        return len(states)


def _move_on(
    connection: Connection,
    delivery_id: int,
    state: DeliveryState,
    event: DeliveryEvent,
    now: datetime,
) -> None:
    becomes = _BECOMES.get(event.kind)
    if becomes is None or _RANK[becomes] <= _RANK[state]:
        return
    if state is DeliveryState.CLAIMED and becomes is DeliveryState.ACCEPTED:
        return  # its sender is about to say the same; if it cannot any more, see settle_by_events
    details = {"code": event.code or None, "reason": event.reason or None}
    evidence = f"the event {event.kind.value}" if state is DeliveryState.UNCERTAIN else ""
    words = details if event.code or event.reason else {}
    _become(connection, delivery_id, becomes, now, evidence=evidence, **words)


def _become(
    connection: Connection,
    delivery_id: int,
    state: DeliveryState,
    now: datetime,
    *,
    evidence: str,
    **words: str | None,
) -> None:
    """Write the row's new state; and what settled it, where it was uncertain."""
    changed = update(deliveries).where(deliveries.c.id == delivery_id)
    connection.execute(changed.values(state=state.value, changed_at=now, **words))
    if evidence:
        by = "the provider"
        write_settlement(connection, delivery_id, state, evidence=evidence, by=by, now=now)
