"""Everyone judged once and written down: the rows of a frozen audience and of its exclusions.

A verdict follows from a person's state and choices, and a list of a million has few combinations
of them: each is judged once, and the rows are made by the database from numbers.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)

from newsletter.model.audience import AudienceTraits, Judge, Verdict
from newsletter.model.delivery import ARRIVED_STATES, DeliveryState, ExclusionReason, SendState
from newsletter.model.subscriber import Frequency, SubscriberState
from newsletter.store.deliveries import deliveries, exclusions, send_editions, sends
from newsletter.store.subscribers import subscribers
from newsletter.store.suppressions import Suppressions, suppressions

_CHUNK = 5000
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)  # nothing is earlier: new people come before retries
_TRAITS = [subscribers.c[name] for name in AudienceTraits._fields if name in subscribers.c]
_FREQUENCY = 2 + AudienceTraits._fields.index("frequency")  # the place in a row of _PEOPLE
_PEOPLE = (
    select(subscribers.c.id, subscribers.c.address, *_TRAITS)
    .where(subscribers.c.id > bindparam("after"))
    .order_by(subscribers.c.id)
    .limit(_CHUNK)
)
_GOT = tuple(state.value for state in ARRIVED_STATES)
# What came to somebody, or is on its way, or nobody knows: not what was refused, came back or was
# called off.
_THEIRS = or_(
    deliveries.c.state.in_((*_GOT, DeliveryState.CLAIMED.value, DeliveryState.UNCERTAIN.value)),
    and_(
        deliveries.c.state == DeliveryState.WAITING.value,
        sends.c.state != SendState.CANCELLED.value,
    ),
)
_HAS_IT = deliveries.c.state.in_(_GOT)


def _everyone(connection: Connection) -> Iterator[Sequence[Any]]:
    after = 0
    while rows := connection.execute(_PEOPLE, {"after": after}).all():
        yield rows
        after = rows[-1][0]


def _readers(connection: Connection, wrong: Collection[str]) -> Iterator[Sequence[Any]]:
    """Those who have one of these editions, or may have, with the edition's language; as in
    `_PEOPLE`, but also people who left since, of whom nothing is known but the number.

    By ranges of numbers: of several sends at once, the next few thousand would each time be looked
    for among all that are left."""
    query = select(send_editions.c.id, send_editions.c.send_id)
    editions = connection.execute(query.where(send_editions.c.digest.in_(wrong))).all()
    sends_of = deliveries.c.send_id.in_({edition.send_id for edition in editions})
    last = connection.execute(select(func.max(deliveries.c.subscriber_id)).where(sends_of)).scalar()
    has_it = func.max(case((_HAS_IT, 1), else_=0))
    readers = (
        select(
            deliveries.c.subscriber_id,
            subscribers.c.address,
            *_TRAITS,
            case((has_it == 1, func.max(send_editions.c.language)), else_=""),
        )
        .select_from(deliveries)
        .join(send_editions, send_editions.c.id == deliveries.c.edition_id)
        .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(
            sends_of,
            deliveries.c.edition_id.in_([edition.id for edition in editions]),
            deliveries.c.state.in_((*_GOT, DeliveryState.UNCERTAIN.value)),
            deliveries.c.subscriber_id > bindparam("after"),
            deliveries.c.subscriber_id <= bindparam("until"),
        )
        .group_by(deliveries.c.subscriber_id, subscribers.c.id)
        .order_by(deliveries.c.subscriber_id)
    )
    for after in range(0, last or 0, _CHUNK):
        rows = connection.execute(readers, {"after": after, "until": after + _CHUNK}).all()
        if rows:
            yield rows


def verdicts(
    connection: Connection,
    judge: Judge,
    suppressed: Suppressions,
    *,
    month: datetime | None = None,
    wrong: Collection[str] | None = None,
) -> Iterator[dict[Verdict, list[int]]]:
    """Yield people's numbers by verdict, a few thousand people at a time, in order of number.

    A weekly issue frozen since `month` that is theirs is a monthly reader's; None: none is. With
    `wrong`, the digests of editions, only of those who have one of them, or may have.
    """
    candidates = _everyone(connection) if wrong is None else _readers(connection, wrong)
    known: dict[tuple[Any, ...], Verdict] = {}
    anybody_suppressed = connection.execute(select(suppressions.c.day).limit(1)).first()
    for rows in candidates:
        barred = (
            suppressed.among(connection, [row[1] for row in rows if row[1] is not None])
            if anybody_suppressed
            else frozenset[str]()
        )
        monthly = [row[0] for row in rows if row[_FREQUENCY] == Frequency.MONTHLY.value]
        served = _served(connection, monthly, month) if month and monthly else frozenset()
        people: dict[Verdict, list[int]] = {}
        for row in rows:
            traits, got = (row[2:], "") if wrong is None else (row[2:-1], row[-1])
            key = (row[1] is None, *traits, row[0] in served, row[1] in barred, got)
            verdict = known.get(key)
            if verdict is None:
                is_asked = wrong is None or (got and row[1] is not None)
                verdict = judge(_traits(key[1:])) if is_asked else _lost(is_left=row[1] is None)
                known[key] = verdict
            people.setdefault(verdict, []).append(row[0])
        yield people


def _lost(*, is_left: bool) -> ExclusionReason:
    """Why nobody can be asked about somebody who got what a correction corrects."""
    return ExclusionReason.LEFT if is_left else ExclusionReason.UNCERTAIN


def _served(connection: Connection, people: Sequence[int], month: datetime) -> frozenset[int]:
    """Those of these people who have a weekly issue since then."""
    query = (
        select(deliveries.c.subscriber_id)
        .join(sends, sends.c.id == deliveries.c.send_id)
        .where(sends.c.frozen_at >= month, ~sends.c.issue_id.like("%-_"), _THEIRS)
        .where(deliveries.c.subscriber_id.in_(select(_numbers(connection, people))))
    )
    return frozenset(connection.scalars(query))


def _traits(row: tuple[Any, ...]) -> AudienceTraits:
    """The stored columns as the model's types."""
    stored = dict(zip(AudienceTraits._fields, row, strict=True))
    typed = {
        "state": SubscriberState(stored["state"]),
        "frequency": Frequency(stored["frequency"]),
        "topics": frozenset(stored["topics"].split()),
        "regions": frozenset(stored["regions"].split()),
    }
    return AudienceTraits(**{**stored, **typed})


def write_waiting(
    connection: Connection, send_id: int, edition_id: int, ids: Sequence[int]
) -> None:
    """Write a row for each of these people, who are to get that edition."""
    rows = select(
        literal(send_id),
        _numbers(connection, ids),
        literal(edition_id),
        literal(DeliveryState.WAITING.value),
        literal(_AT_ONCE, deliveries.c.available_at.type),
    )
    columns = ["send_id", "subscriber_id", "edition_id", "state", "available_at"]
    connection.execute(insert(deliveries).from_select(columns, rows))


def write_excluded(
    connection: Connection, send_id: int, reason: ExclusionReason, ids: Sequence[int]
) -> None:
    """Write a row for each of these people, who are not to get the issue, and why."""
    rows = select(literal(send_id), _numbers(connection, ids), literal(reason.value))
    columns = ["send_id", "subscriber_id", "reason"]
    connection.execute(insert(exclusions).from_select(columns, rows))


def _numbers(connection: Connection, ids: Sequence[int]) -> ColumnElement[int]:
    """A column of these numbers, in order, from one parameter: thousands cost half again as much
    as the rows."""
    if connection.dialect.name == "sqlite":
        return func.json_each(json.dumps(ids)).table_valued("value").c.value
    return func.unnest(literal(list(ids), ARRAY(BigInteger))).column_valued("number")
