"""What a restored database takes over from the one before, and what it does not go on with."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import Connection, MetaData, delete, func, inspect, select, text, update

from newsletter.model.consent import Revocation
from newsletter.model.delivery import DeliveryState, SendState
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppression import KeptOut
from newsletter.store.deliveries import deliveries, senders, sends
from newsletter.store.notice_queue import notices
from newsletter.store.secret_key_marks import marks_in, secret_key_marks
from newsletter.store.sequences import given
from newsletter.store.story_events import all_revocations, story_revocations
from newsletter.store.subscribers import subscribers
from newsletter.store.suppressions import suppressions

_UNFINISHED = tuple(
    state.value
    for state in (SendState.RUNNING, SendState.SCHEDULED, SendState.PAUSED, SendState.STOPPED)
)
_PAGE = 5000
_KEPT = "suppressions_before"
Standing = Mapping[str, Mapping[str, int]]  # of each unfinished send: people by state


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What stood in the database that is replaced, or moved from: which notices waited, where
    unfinished sends stood, which numbers were given, the marks of the secret keys that it was used
    with, and what storytellers took back."""

    people: int
    notices: frozenset[tuple[Any, ...]]
    standing: Standing
    last_numbers: Mapping[str, int]
    key_marks: frozenset[str]
    revocations: tuple[Revocation, ...]


def look_before(connection: Connection) -> Before | None:
    """Read it; None where there are no tables of ours."""
    if connection.dialect.name == "postgresql":  # it may be the one that is being filled
        connection.execute(text("SET LOCAL lock_timeout = '30s'"))
    there = set(inspect(connection).get_table_names())
    if not {subscribers.name, suppressions.name, notices.name, sends.name} <= there:
        return None
    waiting = select(notices.c.subscriber_id, notices.c.kind, notices.c.asked_at)
    return Before(
        people=connection.execute(select(func.count()).select_from(subscribers)).scalar_one(),
        notices=frozenset(tuple(row) for row in connection.execute(waiting)),
        standing=standing(connection),
        last_numbers=given(connection),
        key_marks=marks_in(connection) if secret_key_marks.name in there else frozenset(),
        revocations=all_revocations(connection) if story_revocations.name in there else (),
    )


def standing(connection: Connection) -> Standing:
    """Return where the unfinished sends stand, by issue."""
    query = (
        select(sends.c.issue_id, deliveries.c.state, func.count())
        .join(deliveries, deliveries.c.send_id == sends.c.id, isouter=True)
        .where(sends.c.state.in_(_UNFINISHED))
        .group_by(sends.c.issue_id, deliveries.c.state)
    )
    found: dict[str, dict[str, int]] = {}
    for issue_id, state, count in connection.execute(query):
        found.setdefault(issue_id, {})[state or ""] = count
    return found


def keep_suppressions(connection: Connection) -> None:
    """Keep them apart until this transaction ends: their table is about to be dropped."""
    copy = f"CREATE TEMPORARY TABLE {_KEPT} ON COMMIT DROP AS SELECT * FROM suppressions"  # noqa: S608  our own
    connection.execute(text(copy))


def kept_out(connection: Connection, *, is_apart: bool = False) -> Iterator[list[KeptOut]]:
    """Yield who is kept out, a few thousand at a time."""
    here = suppressions.to_metadata(MetaData(), name=_KEPT) if is_apart else suppressions
    after = b""
    while True:
        query = select(here).where(here.c.key > after).order_by(here.c.key).limit(_PAGE)
        rows = connection.execute(query).all()
        if not rows:
            return
        after = bytes(rows[-1].key)
        yield [
            KeptOut(
                key=bytes(row.key),
                reason=SuppressionReason(row.reason),
                at=datetime.combine(row.day, time.max, UTC),
            )
            for row in rows
        ]


def end_senders(connection: Connection, now: datetime) -> int:
    """End every sender that ran when the backup was made; return how many people in their hands
    nobody can tell of."""
    ended = senders.c.ended_at.is_(None)
    connection.execute(update(senders).where(ended).values(ended_at=now))
    return connection.execute(
        update(deliveries)
        .where(deliveries.c.state == DeliveryState.CLAIMED.value)
        .values(
            state=DeliveryState.UNCERTAIN.value,
            changed_at=now,
            reason="a backup was made before the answer was written down",
        )
    ).rowcount


def drop_notices(connection: Connection, waiting: Iterable[tuple[Any, ...]]) -> int:
    """Drop the mails that people asked for, unless they waited until now: they may have left."""
    still = set(waiting)
    query = select(notices.c.id, notices.c.subscriber_id, notices.c.kind, notices.c.asked_at)
    gone = [row.id for row in connection.execute(query) if tuple(row[1:]) not in still]
    for number in gone:
        connection.execute(delete(notices).where(notices.c.id == number))
    return len(gone)
