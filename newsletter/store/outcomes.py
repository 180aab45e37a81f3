"""What became of the copies that a sender claimed, written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

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

from newsletter.model.delivery import DeliveryState, Result
from newsletter.store.database import UtcDateTime
from newsletter.store.deliveries import deliveries, in_state, settlements
from newsletter.store.prepared import UpdateOfRows

# What this sender claimed, or what another one took for lost while this one was only slow.
_OURS = and_(
    deliveries.c.sender_id == bindparam("sender"),
    or_(in_state(DeliveryState.CLAIMED), in_state(DeliveryState.UNCERTAIN)),
)

# What was theirs and is in nobody's hands: to be tried again, by evidence or by somebody's choice.
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
            sender_id=bindparam("sender"),
            changed_at=bindparam("now"),
            attempts=deliveries.c.attempts + bindparam("tries"),
            provider_id=bindparam("provider_name"),
            code=bindparam("to_code"),
            reason=bindparam("to_reason"),
        )
    )


_SETTLE = UpdateOfRows(deliveries.c.id, _settling(_OURS))
_SETTLE_LATE = _settling(and_(_NOBODYS, deliveries.c.id.in_(bindparam("rows", expanding=True))))
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


def settle(
    connection: Connection, sender: int, results: Sequence[Result], now: datetime
) -> list[int]:
    """Write the outcomes; the ids of rows whose people another sender has, or had, as well (none,
    normally): they may have it twice, and that is written down.

    A row that nobody has in hand any more takes what became of it after all: without that, whoever
    was to be tried again would be.
    """
    alike: dict[tuple[Any, ...], list[int]] = {}
    for result in results:
        alike.setdefault(_kind(result), []).extend(result.delivery_ids)
    twice: list[int] = []
    for kind, ids in alike.items():
        if kind[0] == DeliveryState.WAITING.value:
            _PUT_OFF.change(connection, ids, _put_off(kind, sender, now))
            continue
        values = _settled(kind, sender, now)
        if _SETTLE.change(connection, ids, values) != len(ids):
            connection.execute(_SETTLE_LATE, {**values, "rows": ids})
            if kind[0] != DeliveryState.REFUSED.value:
                twice += _also_of_others(connection, sender, kind[0], ids, now)
    return twice


def _also_of_others(
    connection: Connection, sender: int, became: str, ids: list[int], now: datetime
) -> list[int]:
    theirs = select(deliveries.c.id).where(
        deliveries.c.id.in_(ids), deliveries.c.sender_id != sender
    )
    found = sorted(connection.execute(theirs).scalars())
    for delivery_id in found:
        connection.execute(
            insert(settlements).values(
                delivery_id=delivery_id,
                became=became,
                evidence="two senders handed it over: may have it twice",
                decided_by="the ledger",
                at=now,
            )
        )
    return found


def _kind(result: Result) -> tuple[Any, ...]:
    """All of a result but whose it is."""
    return (
        result.state.value,
        result.provider_id or None,
        result.code or None,
        result.reason or None,
        result.retry_at,
        result.counts,
    )


def _settled(kind: tuple[Any, ...], sender: int, now: datetime) -> dict[str, Any]:
    state, provider_id, code, reason, _, _ = kind
    return {
        "sender": sender,
        "to_state": state,
        "now": now,
        "tries": 1,
        "provider_name": provider_id,
        "to_code": code,
        "to_reason": reason,
    }


def _put_off(kind: tuple[Any, ...], sender: int, now: datetime) -> dict[str, Any]:
    _, _, code, reason, retry_at, counts = kind
    return {
        "sender": sender,
        "now": now,
        "due": retry_at or now,
        "tries": int(counts),
        "tried": now if counts else None,
        "to_code": code,
        "to_reason": reason,
    }
