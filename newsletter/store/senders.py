"""The running senders of a send: what each has claimed, and what is left when one dies."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine, func, insert, literal, select, update

from newsletter.model.audience import Barrier
from newsletter.model.delivery import DeliveryState
from newsletter.model.ledger import BatchRequest, LeftBehind, OpenBatch, Process, UncertainDelivery
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.claims import claim
from newsletter.store.database import read_only, with_fsync
from newsletter.store.day_shares import lock_share, take_of_share
from newsletter.store.deliveries import deliveries, senders
from newsletter.store.outcomes import settle
from newsletter.store.subscribers import subscribers
from newsletter.store.suppressions import Suppressions


class SqlSenders:
    """Senders on SQLite or PostgreSQL. Each method is one transaction; a batch ends by itself."""

    def __init__(self, engine: Engine, keys: SuppressionKeys | None) -> None:
        self._engine = with_fsync(engine)
        self._suppressions = Suppressions(keys)

    def join(self, send_id: int, process: Process, *, now: datetime, lease: timedelta) -> int:
        """Register a sender and return its number. From now on what it claims is its own."""
        with self._engine.begin() as connection:
            sender: int = connection.execute(
                insert(senders)
                .values(send_id=send_id, **asdict(process), lease_until=now + lease)
                .returning(senders.c.id)
            ).scalar_one()
        return sender

    def sender_names(self, send_id: int) -> dict[int, str]:
        """Return a name for each run there ever was, by its number: a database that was restored
        gives numbers again, but never names. Says nothing of the machine."""
        columns = (senders.c.id, senders.c.host, senders.c.pid, senders.c.started)
        query = select(*columns).where(senders.c.send_id == send_id)
        with read_only(self._engine) as connection:
            rows = connection.execute(query).all()
        return {row.id: hashlib.sha256(repr(tuple(row)).encode()).hexdigest()[:24] for row in rows}

    def renew_lease(self, sender: int, *, now: datetime, lease: timedelta) -> bool:
        """Extend the lease to `now + lease`; False when another sender took this one for dead."""
        with self._engine.begin() as connection:
            renewed = connection.execute(
                update(senders)
                .where(senders.c.id == sender, senders.c.ended_at.is_(None))
                .values(lease_until=now + lease)
            ).rowcount
        return renewed == 1

    def count_active(self, send_id: int, now: datetime) -> int:
        """Count the senders that share the work at this moment, as far as the ledger knows."""
        query = select(func.count()).where(
            senders.c.send_id == send_id, senders.c.ended_at.is_(None), senders.c.lease_until > now
        )
        with read_only(self._engine) as connection:
            return connection.execute(query).scalar_one()

    def leave(self, send_id: int, sender: int, now: datetime) -> None:
        """End the sender; whatever it did not settle is uncertain."""
        with self._engine.begin() as connection:
            _end(connection, send_id, [sender], now)

    def end_expired(
        self, send_id: int, *, now: datetime, is_gone: Callable[[Process], bool | None]
    ) -> int:
        """End the senders that died, and return how many people that leaves uncertain.

        `is_gone` answers for processes of this machine, and None for others: those end with their
        lease.
        """
        with self._engine.begin() as connection:
            dead, _ = _dead_and_living(connection, send_id, now, is_gone)
            return _end(connection, send_id, dead, now)

    def left_behind(
        self, send_id: int, *, now: datetime, is_gone: Callable[[Process], bool | None]
    ) -> LeftBehind:
        """Find how many senders are at work, and who is in the hands of those that died; writes
        nothing. `is_gone` is as in `end_expired`."""
        with read_only(self._engine) as connection:
            dead, living = _dead_and_living(connection, send_id, now, is_gone)
            claimed = connection.execute(
                select(
                    deliveries.c.id.label("delivery_id"),
                    deliveries.c.subscriber_id,
                    subscribers.c.address,
                    deliveries.c.changed_at.label("since"),
                    literal("in the hands of a sender that died").label("reason"),
                )
                .outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
                .where(
                    deliveries.c.send_id == send_id,
                    deliveries.c.sender_id.in_(dead),
                    deliveries.c.state == DeliveryState.CLAIMED.value,
                )
                .order_by(deliveries.c.id)
            )
            people = tuple(UncertainDelivery(**row._asdict()) for row in claimed)
        return LeftBehind(living=living, people=people)

    def begin_batch(self, request: BatchRequest, barrier: Barrier) -> OpenBatch:
        """Record the outcomes and claim the people of a request, in a transaction left open.

        Nobody is claimed when a storyteller took something back after `newest_stop`, or when the
        next person waits for a version that is not in `versions`. `barrier` says who may not be
        mailed any more.
        """
        connection = self._engine.connect()
        try:
            connection.begin()
            if connection.dialect.name == "postgresql":
                # The same order of locks as `_end`: the sender first, then its people. Claiming
                # asks for the sender anyway (foreign key), but after settling has locked rows.
                connection.execute(
                    select(senders.c.id)
                    .where(senders.c.id == request.sender)
                    .with_for_update(read=True, key_share=True)
                )
            share = request.share
            left = None if share is None else lock_share(connection, share)
            given_back = _give_back(connection, request) if request.still_held is not None else 0
            twice, put_off = settle(connection, request)
            if left is not None:
                left += given_back + put_off
            result = claim(connection, request, barrier, self._suppressions, left=left)
            if share is not None:
                take_of_share(connection, share, len(result.people) - given_back - put_off)
        except BaseException:
            connection.close()
            raise
        return OpenBatch(
            result=replace(result, twice=twice) if twice else result,
            commit=partial(_commit, connection),
        )


def _dead_and_living(
    connection: Connection,
    send_id: int,
    now: datetime,
    is_gone: Callable[[Process], bool | None],
) -> tuple[list[int], int]:
    """The senders that died and were not ended yet, and how many are at work."""
    rows = connection.execute(
        select(senders).where(senders.c.send_id == send_id, senders.c.ended_at.is_(None))
    ).all()
    dead = []
    for row in rows:
        gone = is_gone(Process(host=row.host, pid=row.pid, started=row.started))
        if gone or (gone is None and row.lease_until < now):
            dead.append(row.id)
    return dead, len(rows) - len(dead)


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    finally:
        connection.close()


def _end(connection: Connection, send_id: int, ending: list[int], now: datetime) -> int:
    """These end; how many people that leaves uncertain. With them go the claims of any sender that
    was ended before while it was at it: nobody else would ever ask about those."""
    # FOR UPDATE waits for a claim of theirs that is still being committed: PostgreSQL goes on with
    # it though the process is dead, and its rows hold on to the sender by their foreign key.
    connection.execute(select(senders.c.id).where(senders.c.id.in_(ending)).with_for_update())
    connection.execute(update(senders).where(senders.c.id.in_(ending)).values(ended_at=now))
    ended = select(senders.c.id).where(
        senders.c.send_id == send_id, senders.c.ended_at.is_not(None)
    )
    return connection.execute(
        update(deliveries)
        .where(
            deliveries.c.send_id == send_id,
            deliveries.c.sender_id.in_(ended),
            deliveries.c.state == DeliveryState.CLAIMED.value,
        )
        .values(
            state=DeliveryState.UNCERTAIN.value,
            changed_at=now,
            reason="the sender ended before the answer was written down",
        )
    ).rowcount


def _give_back(connection: Connection, request: BatchRequest) -> int:
    return connection.execute(
        update(deliveries)
        .where(
            deliveries.c.send_id == request.send_id,
            deliveries.c.sender_id == request.sender,
            deliveries.c.state == DeliveryState.CLAIMED.value,
            deliveries.c.id.not_in(request.still_held or ()),
        )
        .values(state=DeliveryState.WAITING.value, sender_id=None)
    ).rowcount
