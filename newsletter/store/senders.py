"""The running senders of a send: what each has in its hands, and what is left when one dies."""

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select, update

from newsletter.errors import ServiceError
from newsletter.model.delivery import DeliveryState, Process, Result, Taken
from newsletter.store.claims import Barrier, claim
from newsletter.store.database import durable, reading
from newsletter.store.deliveries import deliveries, senders
from newsletter.store.outcomes import settle
from newsletter.store.suppressions import AddressKeys, Suppressions


class SqlSenders:
    """Senders on SQLite or PostgreSQL. Every verb is one transaction."""

    def __init__(self, engine: Engine, keys: AddressKeys | None) -> None:
        self._engine = durable(engine)
        self._suppressions = Suppressions(keys)

    def join(self, send_id: int, process: Process, *, now: datetime, lease: timedelta) -> int:
        """Register a sender; its number. From now on what it claims is its own."""
        with self._engine.begin() as connection:
            sender: int = connection.execute(
                insert(senders)
                .values(
                    send_id=send_id,
                    host=process.host,
                    pid=process.pid,
                    started=process.started,
                    lease_until=now + lease,
                )
                .returning(senders.c.id)
            ).scalar_one()
        return sender

    def names(self, send_id: int) -> dict[int, str]:
        """A name for each run there ever was, by its number: numbers are given anew in a database
        that was put back, names are not. Says nothing of the machine."""
        columns = (senders.c.id, senders.c.host, senders.c.pid, senders.c.started)
        query = select(*columns).where(senders.c.send_id == send_id)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return {row.id: hashlib.sha256(repr(tuple(row)).encode()).hexdigest()[:24] for row in rows}

    def renew(self, sender: int, *, now: datetime, lease: timedelta) -> None:
        """Say that the sender still runs."""
        with self._engine.begin() as connection:
            connection.execute(
                update(senders).where(senders.c.id == sender).values(lease_until=now + lease)
            )

    def leave(self, send_id: int, sender: int, now: datetime) -> None:
        """The sender ends; whatever it did not settle is uncertain."""
        with self._engine.begin() as connection:
            _end(connection, send_id, sender, now)

    def reap(
        self, send_id: int, *, now: datetime, is_gone: Callable[[Process], bool | None]
    ) -> int:
        """End the senders that died; how many people that leaves uncertain.

        `is_gone` answers for processes of this machine, and None for others: those end with their
        lease.
        """
        uncertain = 0
        with self._engine.begin() as connection:
            rows = connection.execute(
                select(senders).where(senders.c.send_id == send_id, senders.c.ended_at.is_(None))
            ).all()
            for row in rows:
                process = Process(host=row.host, pid=row.pid, started=row.started)
                gone = is_gone(process)
                if gone or (gone is None and row.lease_until < now):
                    uncertain += _end(connection, send_id, row.id, now)
        return uncertain

    def begin_exchange(
        self,
        send_id: int,
        sender: int,
        results: list[Result],
        *,
        want: int,
        now: datetime,
        barrier: Barrier,
        newest_stop: int,
        still_held: Collection[int] | None = None,
    ) -> "Exchange":
        """Record these outcomes and claim up to `want` people, in one transaction.

        Nobody is claimed when a storyteller took something back after `newest_stop`.

        May be said again when it is not known whether it was heard: then `still_held` names the
        claims that the sender knows of, and any other one of its claims is given back.
        """
        connection = self._engine.connect()
        try:
            connection.begin()
            if still_held is not None:
                _give_back(connection, send_id, sender, still_held)
            lost = settle(connection, sender, results, now)
            if lost:
                raise ServiceError(
                    f"{len(lost)} rows of the ledger changed while they were being sent",
                    hint="run newsletter audit: it lists them",
                )
            taken = claim(
                connection,
                send_id,
                sender,
                want=want,
                now=now,
                barrier=barrier,
                newest_stop=newest_stop,
                suppressed=self._suppressions,
            )
        except BaseException:
            connection.close()
            raise
        return Exchange(connection, taken)


class Exchange:
    """An exchange that is not committed yet: nobody in `taken` may be mailed before it is."""

    def __init__(self, connection: Connection, taken: Taken) -> None:
        self._connection = connection
        self.taken = taken

    def commit(self) -> None:
        """Wait until the disk has it. On any thread."""
        try:
            self._connection.commit()
        finally:
            self._connection.close()


def _end(connection: Connection, send_id: int, sender: int, now: datetime) -> int:
    connection.execute(update(senders).where(senders.c.id == sender).values(ended_at=now))
    return connection.execute(
        update(deliveries)
        .where(
            deliveries.c.send_id == send_id,
            deliveries.c.sender_id == sender,
            deliveries.c.state == DeliveryState.CLAIMED.value,
        )
        .values(
            state=DeliveryState.UNCERTAIN.value,
            changed_at=now,
            reason="the sender ended before the answer was written down",
        )
    ).rowcount


def _give_back(connection: Connection, send_id: int, sender: int, held: Collection[int]) -> None:
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.send_id == send_id,
            deliveries.c.sender_id == sender,
            deliveries.c.state == DeliveryState.CLAIMED.value,
            deliveries.c.id.not_in(held),
        )
        .values(state=DeliveryState.WAITING.value, sender_id=None)
    )
