"""The table of people, and the verbs that keep it and the suppressions in one transaction."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    select,
    update,
)

from newsletter.errors import ServiceError
from newsletter.model.subscriber import (
    Added,
    Frequency,
    Subscriber,
    SubscriberState,
    SuppressionReason,
    folded,
)
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.database import UtcDateTime, metadata, read_only, truncate_wal
from newsletter.store.inserts import insert_new
from newsletter.store.suppressions import Suppressions, stored_among

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("address", String, nullable=False),
    Column("language", String, nullable=False),
    Column("state", String, nullable=False),
    Column("frequency", String, nullable=False),
    Column("topics", String, nullable=False),
    Column("regions", String, nullable=False),
    Column("discreet", Boolean, nullable=False),
    Column("paused_until", Date),
    Column("joined_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),
    Column("proof", String, nullable=False),
    Column("folded", String, nullable=False, unique=True),
    sqlite_autoincrement=True,  # a number is never given twice: an old link must open nobody else
)

subscriber_columns = [column for column in subscribers.columns if column.name != "folded"]
_IS_PENDING = subscribers.c.state == SubscriberState.PENDING.value
# Few people wait to confirm; those who waited too long are looked for with every new request.
Index(
    "ix_subscribers_pending",
    subscribers.c.joined_at,
    sqlite_where=_IS_PENDING,
    postgresql_where=_IS_PENDING,
)
_STATES = {state.value: state for state in SubscriberState}
_FREQUENCIES = {frequency.value: frequency for frequency in Frequency}
NoteLeft = Callable[[Collection[bytes], SuppressionReason | None, datetime], None]


class SqlSubscribers:
    """People, on SQLite or PostgreSQL. Without `keys` (no secret) nobody can be suppressed.

    `note_left` writes down outside the database who is kept out (or, without a reason, is not any
    more), by keyed hash."""

    def __init__(
        self, engine: Engine, keys: SuppressionKeys | None, note_left: NoteLeft | None = None
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._suppressions = Suppressions(keys)
        self._note_left = note_left

    def get(self, subscriber_id: int) -> Subscriber | None:
        """Return the person of that number."""
        return self._one(subscribers.c.id == subscriber_id)

    def by_address(self, address: str) -> Subscriber | None:
        """Return the person of that address, however it is capitalized."""
        return self._one(subscribers.c.folded == folded(address))

    def stream(self, after_id: int, limit: int) -> list[Subscriber]:
        """Return the next people in order of number; empty at the end. One short transaction."""
        query = (
            select(*subscriber_columns)
            .where(subscribers.c.id > after_id)
            .order_by(subscribers.c.id)
            .limit(limit)
        )
        with read_only(self._engine) as connection:
            return [subscriber_from(row) for row in connection.execute(query)]

    def counts(self) -> dict[tuple[str, SubscriberState], int]:
        """Count people by language and state."""
        kinds = (subscribers.c.language, subscribers.c.state)
        query = select(*kinds, func.count()).group_by(*kinds).order_by(*kinds)
        with read_only(self._engine) as connection:
            return {
                (language, _STATES[state]): number
                for language, state, number in connection.execute(query)
            }

    def known(self, addresses: Collection[str]) -> set[str]:
        """Return those of the addresses that have a row."""
        with read_only(self._engine) as connection:
            return _known(connection, addresses)

    def pending(self, addresses: Collection[str]) -> set[str]:
        """Return those of the addresses whose owner asked and has not confirmed."""
        query = select(subscribers.c.folded).where(_IS_PENDING)
        with read_only(self._engine) as connection:
            waiting = frozenset(connection.scalars(query))
        return (
            {address for address in addresses if folded(address) in waiting} if waiting else set()
        )

    def suppressed(self, addresses: Collection[str]) -> set[str]:
        """Return the addresses that must not be mailed. ConfigError without the secret key."""
        with read_only(self._engine) as connection:
            return self._suppressions.among(connection, addresses)

    def suppression(self, address: str) -> SuppressionReason | None:
        """Return why the address must not be mailed, or None when it may."""
        with read_only(self._engine) as connection:
            return self._suppressions.reason(connection, address)

    def add(self, people: Sequence[Subscriber]) -> Added:
        """Give new people a row, in one transaction. Nobody's row is changed, and nobody who is
        suppressed gets one, except as PENDING: that person has just asked."""
        certain = [p.address for p in people if p.state is not SubscriberState.PENDING]
        with self._engine.begin() as connection:
            known = _known(connection, [person.address for person in people])
            barred = self._suppressions.among(connection, certain)
            rows = {
                folded(person.address): _row(person)
                for person in people
                if person.address not in known and person.address not in barred
            }
            added = 0
            if rows:
                statement = insert_new(connection, subscribers).returning(subscribers.c.id)
                added = len(connection.execute(statement, list(rows.values())).all())
        return Added(added=added, known=frozenset(known), suppressed=frozenset(barred))

    def update(self, person: Subscriber) -> bool:
        """Store what the person chose; False when the row is gone."""
        with self._engine.begin() as connection:
            return _replace(connection, person)

    def readmit(self, person: Subscriber) -> bool:
        """Update someone who asked for mail again, and lift their suppression."""
        with self._engine.begin() as connection:
            if not _replace(connection, person):
                return False
            was_kept_out = self._suppressions.lift(connection, person.address)
        if was_kept_out:
            self._note([person.address], None, person.confirmed_at)
        return True

    def suppress(self, address: str, reason: SuppressionReason, now: datetime) -> bool:
        """Never mail the address again, in one transaction with the end of its row; return whether
        there was a row. Only the keyed hash stays (and a bounced row, marked)."""
        of_address = subscribers.c.folded == folded(address)
        ends: Any = delete(subscribers).where(of_address)
        if reason.keeps_row:
            ends = update(subscribers).where(of_address).values(state=SubscriberState.BOUNCED.value)
        self._note([address], reason, now)
        with self._engine.begin() as connection:
            self._suppressions.record(connection, [address], reason, now)
            had_row: bool = connection.execute(ends).rowcount == 1
        if not reason.keeps_row:
            truncate_wal(self._engine)
        return had_row

    def suppress_new(
        self, addresses: Collection[str], reason: SuppressionReason, now: datetime
    ) -> int:
        """Keep out those of the addresses that have no row here; return how many were new."""
        with self._engine.begin() as connection:
            without_row = sorted(set(addresses) - _known(connection, addresses))
            self._note(without_row, reason, now)
            return self._suppressions.record(connection, without_row, reason, now)

    def _note(
        self, addresses: Collection[str], reason: SuppressionReason | None, at: datetime | None
    ) -> None:
        """Write it down outside too, first: whoever leaves is not mailed after a kill."""
        if self._note_left is None or self._keys is None or at is None:
            return
        hashes = map(self._keys.hashes_of, addresses)  # the first one is what is stored
        self._note_left(
            [key for each in hashes for key in each[: 1 if reason else None]], reason, at
        )

    def forget_pending(self, before: datetime) -> int:
        """Delete those who asked before then and never confirmed; return how many."""
        statement = delete(subscribers).where(
            _IS_PENDING,
            subscribers.c.joined_at < before,
        )
        with self._engine.begin() as connection:
            forgotten = connection.execute(statement).rowcount
        truncate_wal(self._engine)
        return forgotten

    def _one(self, condition: Any) -> Subscriber | None:
        with read_only(self._engine) as connection:
            row = connection.execute(select(*subscriber_columns).where(condition)).one_or_none()
        return None if row is None else subscriber_from(row)


def _known(connection: Connection, addresses: Collection[str]) -> set[str]:
    owners: dict[str, list[str]] = {}
    for address in addresses:
        owners.setdefault(folded(address), []).append(address)
    return stored_among(connection, subscribers.c.folded, owners)


def _replace(connection: Connection, person: Subscriber) -> bool:
    statement = update(subscribers).where(subscribers.c.id == person.id).values(_row(person))
    changed = connection.execute(statement).rowcount
    if changed > 1:
        raise ServiceError("two rows have the same number: the database is damaged")
    return changed == 1


def _row(person: Subscriber) -> dict[str, object]:
    row = {column.name: getattr(person, column.name) for column in subscriber_columns[1:]}
    return row | {
        "folded": folded(person.address),
        "state": person.state.value,
        "frequency": person.frequency.value,
        "topics": " ".join(sorted(person.topics)),
        "regions": " ".join(sorted(person.regions)),
    }


def subscriber_from(row: Any) -> Subscriber:
    """Return the person of a row that starts with `subscriber_columns`."""
    return Subscriber(
        id=row[0],
        address=row[1],
        language=row[2],
        state=_STATES[row[3]],
        frequency=_FREQUENCIES[row[4]],
        topics=_names(row[5]),
        regions=_names(row[6]),
        discreet=row[7],
        paused_until=row[8],
        joined_at=row[9],
        confirmed_at=row[10],
        proof=row[11],
    )


@lru_cache(maxsize=4096)
def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())
