"""The running senders of a send: what each has in its hands, and what is left when one dies."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, func, insert, select, update

from newsletter.model.delivery import DeliveryState, Process, Result, Taken
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.claims import Barrier, claim
from newsletter.store.database import read_only, with_fsync
from newsletter.store.deliveries import deliveries, senders
from newsletter.store.outcomes import settle
from newsletter.store.suppressions import Suppressions


class SqlSenders:
    """Senders on SQLite or PostgreSQL. Every verb is one transaction."""

    def __init__(self, engine: Engine, keys: SuppressionKeys | None) -> None:
        self._engine = with_fsync(engine)
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
        with read_only(self._engine) as connection:
            rows = connection.execute(query).all()
        return {row.id: hashlib.sha256(repr(tuple(row)).encode()).hexdigest()[:24] for row in rows}

    def renew(self, sender: int, *, now: datetime, lease: timedelta) -> bool:
        """Say that the sender still runs; False when another one took it for dead."""
        with self._engine.begin() as connection:
            renewed = connection.execute(
                update(senders)
                .where(senders.c.id == sender, senders.c.ended_at.is_(None))
                .values(lease_until=now + lease)
            ).rowcount
        return renewed == 1

    def count_active(self, send_id: int, now: datetime) -> int:
        """How many senders share the work at this moment, as far as the ledger knows."""
        query = select(func.count()).where(
            senders.c.send_id == send_id, senders.c.ended_at.is_(None), senders.c.lease_until > now
        )
        with read_only(self._engine) as connection:
            return connection.execute(query).scalar_one()

    def leave(self, send_id: int, sender: int, now: datetime) -> None:
        """The sender ends; whatever it did not settle is uncertain."""
        with self._engine.begin() as connection:
            _end(connection, send_id, [sender], now)

    def end_expired(
        self, send_id: int, *, now: datetime, is_gone: Callable[[Process], bool | None]
    ) -> int:
        """End the senders that died; how many people that leaves uncertain.

        `is_gone` answers for processes of this machine, and None for others: those end with their
        lease.
        """
        with self._engine.begin() as connection:
            rows = connection.execute(
                select(senders).where(senders.c.send_id == send_id, senders.c.ended_at.is_(None))
            ).all()
            dead = []
            for row in rows:
                process = Process(host=row.host, pid=row.pid, started=row.started)
                gone = is_gone(process)
                if gone or (gone is None and row.lease_until < now):
                    dead.append(row.id)
            return _end(connection, send_id, dead, now)

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
        versions: Collection[str],
        still_held: Collection[int] | None = None,
    ) -> "Exchange":
        """Record these outcomes and claim up to `want` people, in one transaction.

        Nobody is claimed when a storyteller took something back after `newest_stop`, or when who
        is next waits for a version (the digest of an edition) that is not in `versions`.

        May be said again when it is not known whether it was heard: then `still_held` names the
        claims that the sender knows of, and any other one of its claims is given back.
        """
        connection = self._engine.connect()
        try:
            connection.begin()
            if still_held is not None:
                _give_back(connection, send_id, sender, still_held)
            twice = settle(connection, sender, results, now)
            taken = claim(
                connection,
                send_id,
                sender,
                want=want,
                now=now,
                barrier=barrier,
                newest_stop=newest_stop,
                versions=versions,
                suppressed=self._suppressions,
            )
        except BaseException:
            connection.close()
            raise
        return Exchange(connection, replace(taken, twice=len(twice)) if twice else taken)


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
