"""What became of the copies that a sender claimed, written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from newsletter.model.delivery import DeliveryState, Result
from newsletter.store.database import UtcDateTime
from newsletter.store.deliveries import deliveries, in_state
from newsletter.store.prepared import UpdateOfRows

# What this sender claimed, or what another one took for lost while this one was only slow.
_OURS = and_(
    deliveries.c.sender_id == bindparam("sender"),
    or_(in_state(DeliveryState.CLAIMED), in_state(DeliveryState.UNCERTAIN)),
)

_SETTLE = UpdateOfRows(
    deliveries.c.id,
    update(deliveries)
    .where(_OURS)
    .values(
        state=bindparam("to_state"),
        changed_at=bindparam("now"),
        attempts=deliveries.c.attempts + bindparam("tries"),
        provider_id=bindparam("provider_name"),
        code=bindparam("to_code"),
        reason=bindparam("to_reason"),
    ),
)
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
    """Write the outcomes; the ids of rows that were not this sender's to write (none, normally)."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for result in results:
        alike.setdefault(_kind(result), []).append(result.delivery_id)
    lost: list[int] = []
    for kind, ids in alike.items():
        again = kind[0] == DeliveryState.WAITING.value
        values = _put_off(kind, sender, now) if again else _settled(kind, sender, now)
        if (_PUT_OFF if again else _SETTLE).change(connection, ids, values) != len(ids):
            lost += _changed_by_others(connection, sender, ids, again=again)
    return lost


def _kind(result: Result) -> tuple[Any, ...]:
    """All of a result but whose it is: a provider's answer to a request makes many alike."""
    return (
        result.state.value,
        result.provider_id or None,
        result.code or None,
        result.reason or None,
        result.retry_at,
        result.counts,
    )


def _changed_by_others(
    connection: Connection, sender: int, ids: list[int], *, again: bool
) -> list[int]:
    """Those of the rows that somebody else changed meanwhile.

    Fine are rows that an event settled first, and what was written already when this is said a
    second time.
    """
    done = deliveries.c.sender_id == sender
    if again:
        done = or_(done, deliveries.c.state == DeliveryState.WAITING.value)
    fine = select(deliveries.c.id).where(
        deliveries.c.id.in_(ids),
        done,
        deliveries.c.state.not_in([DeliveryState.CLAIMED.value, DeliveryState.UNCERTAIN.value]),
    )
    return sorted(set(ids) - set(connection.execute(fine).scalars()))


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
