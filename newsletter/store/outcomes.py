"""What became of the copies that a sender claimed, written down."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Update,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from newsletter.model.delivery import DeliveryState
from newsletter.model.ledger import BatchRequest, Result
from newsletter.store.database import UtcDateTime
from newsletter.store.deliveries import deliveries, in_state, settlements
from newsletter.store.prepared import UpdateOfRows

# What this sender claimed, or what another one took for lost while this one was only slow.
_OURS = and_(
    deliveries.c.sender_id == bindparam("sender"),
    or_(in_state(DeliveryState.CLAIMED), in_state(DeliveryState.UNCERTAIN)),
)

# What this sender had and nobody has now: to be tried again, by evidence or by somebody's choice.
_NOBODYS = and_(
    deliveries.c.sender_id.is_(None),
    or_(in_state(DeliveryState.WAITING), in_state(DeliveryState.SKIPPED)),
)


def _settling(rows: ColumnElement[bool]) -> Update:
    return (
        update(deliveries)
        .where(rows)
        .values(
            state=bindparam("to_state"),
            changed_at=bindparam("now"),
            attempts=deliveries.c.attempts + bindparam("tries"),
            provider_id=bindparam("provider_name"),
            code=bindparam("to_code"),
            reason=bindparam("to_reason"),
        )
    )


_SETTLE = UpdateOfRows(deliveries.c.id, _settling(_OURS))
_SETTLE_LATE = _settling(
    and_(_NOBODYS, deliveries.c.id.in_(bindparam("rows", expanding=True)))
).values(sender_id=bindparam("sender"))
_PUT_OFF = UpdateOfRows(
    deliveries.c.id,
    update(deliveries)
    .where(_OURS)
    .values(
        state=DeliveryState.WAITING.value,
        sender_id=None,
        changed_at=bindparam("now"),
        available_at=bindparam("due"),
        attempts=deliveries.c.attempts + bindparam("tries"),
        first_tried_at=func.coalesce(
            deliveries.c.first_tried_at, bindparam("tried", type_=UtcDateTime)
        ),
        code=bindparam("to_code"),
        reason=bindparam("to_reason"),
    ),
)


class Settling(NamedTuple):
    """How many rows are of people whom another sender has, or had, as well (0, normally): they may
    have it twice, and that is written down. How many were put off."""

    twice: int
    put_off: int


def settle(connection: Connection, request: BatchRequest) -> Settling:
    """Write the outcomes.

    A row that nobody has in hand any more takes what became of it after all: otherwise somebody who
    is to be tried again would be.
    """
    alike: dict[Result, list[int]] = {}
    for result in request.results:
        alike.setdefault(result._replace(delivery_ids=()), []).extend(result.delivery_ids)
    twice = put_off = 0
    for result, ids in alike.items():
        values = _values(result, request)
        if result.state is DeliveryState.WAITING:
            put_off += _PUT_OFF.change(connection, ids, values)
        elif _SETTLE.change(connection, ids, values) != len(ids):
            connection.execute(_SETTLE_LATE, {**values, "rows": ids})
            if result.state is not DeliveryState.REFUSED:
                twice += _also_of_others(connection, request, result.state, ids)
    return Settling(twice, put_off)


def _also_of_others(
    connection: Connection, request: BatchRequest, became: DeliveryState, ids: list[int]
) -> int:
    others = select(deliveries.c.id).where(
        deliveries.c.id.in_(ids), deliveries.c.sender_id != request.sender
    )
    twice = sorted(connection.execute(others).scalars())
    settled = {"evidence": "two senders handed it over: may have it twice", "by": "the ledger"}
    for delivery_id in twice:
        write_settlement(connection, delivery_id, became, **settled, now=request.now)
    return len(twice)


def write_settlement(
    connection: Connection,
    delivery_id: int,
    became: DeliveryState,
    *,
    evidence: str,
    by: str,
    now: datetime,
) -> None:
    """Write down how an uncertain delivery was settled, within the caller's transaction."""
    decided = {"became": became.value, "evidence": evidence, "decided_by": by, "at": now}
    connection.execute(insert(settlements).values(delivery_id=delivery_id, **decided))


def _values(result: Result, request: BatchRequest) -> dict[str, Any]:
    """The parameters of the statement that writes this result."""
    values = {
        "sender": request.sender,
        "now": request.now,
        "tries": int(result.counts),
        "to_code": result.code or None,
        "to_reason": result.reason or None,
    }
    if result.state is DeliveryState.WAITING:
        tried = request.now if result.counts else None
        return values | {"due": result.retry_at or request.now, "tried": tried}
    return values | {"to_state": result.state.value, "provider_name": result.provider_id or None}
