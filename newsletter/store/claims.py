"""People who are due are claimed, and asked about once more: the half of a batch that comes before
a hand-over."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from newsletter.model.audience import Barrier
from newsletter.model.delivery import (
    REFUSED_BEFORE,
    SLOT_GIVEN,
    DeliveryState,
    ExclusionReason,
    SendState,
)
from newsletter.model.ledger import BatchRequest, BatchResult, ClaimedDelivery
from newsletter.model.pace import Slots, take_slots
from newsletter.model.subscriber import SubscriberState
from newsletter.store.deliveries import deliveries, in_state, send_editions, senders, sends
from newsletter.store.prepared import Prepared, UpdateOfRows
from newsletter.store.story_events import NEWEST_REVOCATION
from newsletter.store.subscribers import subscribers
from newsletter.store.suppressions import Suppressions, suppressions

_LONGEST_WAIT = timedelta(hours=24)  # a retry due later than this means the clock was set back
# What a message and the last question whether to mail somebody need; nothing else is read.
_PERSON = [subscribers.c[name] for name in ("id", "address", "state", "discreet", "paused_until")]
_STATES = {state.value: state for state in SubscriberState}
_STATE = select(sends.c.state).where(sends.c.id == bindparam("send"))
# Everything that a claim asks, in one statement: at a few thousand batches a second the number
# of statements is what the ledger costs.
_NEXT = Prepared(
    select(
        sends.c.rate,
        select(suppressions.c.day).exists(),
        func.coalesce(NEWEST_REVOCATION.scalar_subquery(), 0),
        deliveries.c.id,
        deliveries.c.attempts,
        deliveries.c.first_tried_at,
        send_editions.c.language,
        deliveries.c.reason,
        *_PERSON,
        send_editions.c.digest,
    )
    .select_from(deliveries)
    .join(sends, sends.c.id == deliveries.c.send_id)
    .join(send_editions, send_editions.c.id == deliveries.c.edition_id)
    .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    .where(
        sends.c.state == SendState.RUNNING.value,
        # A sender that was taken for dead, and lives, gets nobody until it has noticed.
        select(senders.c.id)
        .where(senders.c.id == bindparam("sender"), senders.c.ended_at.is_(None))
        .exists(),
        deliveries.c.send_id == bindparam("send"),
        in_state(DeliveryState.WAITING),
        deliveries.c.available_at <= bindparam("now"),
    )
    .order_by(deliveries.c.available_at, deliveries.c.id)
    .limit(bindparam("want"))
    .with_for_update(of=deliveries, skip_locked=True)
)
_CLAIM = UpdateOfRows(
    deliveries.c.id,
    update(deliveries)
    .where(in_state(DeliveryState.WAITING))
    .values(
        state=DeliveryState.CLAIMED.value,
        sender_id=bindparam("sender"),
        changed_at=bindparam("now"),
    ),
)
_SKIP = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(state=DeliveryState.SKIPPED.value, reason=bindparam("why"), changed_at=bindparam("now"))
)
_NEXT_DUE = select(func.min(deliveries.c.available_at)).where(
    deliveries.c.send_id == bindparam("send"),
    in_state(DeliveryState.WAITING),
)


def claim(
    connection: Connection,
    request: BatchRequest,
    barrier: Barrier,
    suppressed: Suppressions,
    *,
    left: int | None,
) -> BatchResult:
    """Claim up to `request.want` people who are due; skip those who may not be mailed any more.
    No more than what is `left` of a day's share, if there is one.

    Nobody when the newest withdrawal is another one than the request knows, or when somebody waits
    for a version that the sender lacks: the ledger would say of them what they did not get.
    """
    send_id, now = request.send_id, request.now
    want = request.want if left is None else min(request.want, left)
    values = {"send": send_id, "sender": request.sender, "now": now, "want": want}
    rows = _NEXT.rows(connection, values) if want else []
    if not rows:
        state = SendState(connection.execute(_STATE, {"send": send_id}).scalar_one())
        is_going_on = request.want > 0 and state is SendState.RUNNING
        wait = _wait(connection, send_id, now) if is_going_on else None
        return BatchResult(
            people=(),
            state=state,
            newest_stop=request.newest_stop,
            wait=wait,
            share_is_spent=left == 0 and wait is not None,
        )
    rate, _, newest = rows[0][:3]
    nobody = BatchResult(people=(), state=SendState.RUNNING, newest_stop=newest, wait=0.0)
    if newest != request.newest_stop:
        return nobody
    outdated = frozenset([row[6] for row in rows if row[-1] not in request.versions])
    if outdated:
        return replace(nobody, wait=None, outdated=outdated)
    if rate is not None:
        slots = _slots(connection, send_id, rate, now, len(rows))
        if slots.allowed == 0:
            return replace(nobody, wait=slots.wait)
        rows = rows[: slots.allowed]
    people, skipped = _sorted_out(connection, rows, barrier, suppressed)
    for delivery, why in skipped:
        connection.execute(_SKIP, {"delivery": delivery, "why": why, "now": now})
    if not people:
        return replace(nobody, skipped=len(skipped))
    ids = [person.delivery_id for person in people]
    claimed = _CLAIM.change(connection, ids, {"sender": request.sender, "now": now})
    if claimed != len(people):
        raise RuntimeError(f"claimed {claimed} rows of {len(people)}")
    return BatchResult(
        people=tuple(people),
        state=SendState.RUNNING,
        newest_stop=newest,
        skipped=len(skipped),
    )


def _slots(connection: Connection, send_id: int, rate: float, now: datetime, want: int) -> Slots:
    """Slots taken from the pace that all senders share."""
    is_send = sends.c.id == send_id
    query = select(sends.c.next_at).where(is_send).with_for_update()
    slots = take_slots(rate, connection.execute(query).scalar_one(), now, want)
    connection.execute(update(sends).where(is_send).values(next_at=slots.next_at))
    return slots


def _sorted_out(
    connection: Connection,
    rows: Sequence[Any],
    barrier: Barrier,
    suppressed: Suppressions,
) -> tuple[list[ClaimedDelivery], list[tuple[int, str]]]:
    """Who is still to be mailed; whose rows are skipped, and why."""
    people: list[ClaimedDelivery] = []
    skipped: list[tuple[int, str]] = []
    barred: Collection[str] = ()
    if rows[0][1]:
        barred = suppressed.among(connection, [row[9] for row in rows if row[9] is not None])
    # One answer for all who stand alike: of a thousand people nearly all do.
    answers: dict[tuple[str, date | None, bool], ExclusionReason | None] = {}
    for row in rows:
        delivery_id, attempts, first_tried_at, language, put_off_for = row[3:8]
        subscriber_id, address, state, discreet, paused_until = row[8:-1]
        if subscriber_id is None:
            skipped.append((delivery_id, "left"))
            continue
        standing = (state, paused_until, address in barred)
        if standing not in answers:
            answers[standing] = barrier(_STATES[state], *standing[1:])
        reason = answers[standing]
        if reason is not None:
            skipped.append((delivery_id, reason.value))
            continue
        people.append(
            ClaimedDelivery(
                delivery_id=delivery_id,
                subscriber_id=subscriber_id,
                address=address,
                discreet=discreet,
                language=language,
                attempts=attempts,
                first_tried_at=first_tried_at,
                has_slot=put_off_for == SLOT_GIVEN,
                was_refused=put_off_for == REFUSED_BEFORE,
            )
        )
    return people, skipped


def _wait(connection: Connection, send_id: int, now: datetime) -> float | None:
    """Seconds until somebody is due; None when nobody waits."""
    due: datetime | None = connection.execute(_NEXT_DUE, {"send": send_id}).scalar()
    if due is None:
        return None
    if due > now + _LONGEST_WAIT:
        connection.execute(
            update(deliveries)
            .where(
                deliveries.c.send_id == send_id,
                in_state(DeliveryState.WAITING),
                deliveries.c.available_at > now + _LONGEST_WAIT,
            )
            .values(available_at=now)
        )
        return 0.0
    # Somebody who is due now and was not given is held by another sender's transaction.
    return max((due - now).total_seconds(), 0.05)
