"""The table of keyed hashes: addresses that must not be mailed, and no address in it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from newsletter.errors import ConfigError
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.database import metadata
from newsletter.store.inserts import insert_new

suppressions = Table(
    "suppressions",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("reason", String, nullable=False),
    Column("day", Date, nullable=False),
)

_MANY = 500  # parameters of one IN (...)
_Owner = TypeVar("_Owner", bound=str | bytes)


class Suppressions:
    """Reads and writes them within a transaction of the caller's."""

    def __init__(self, keys: SuppressionKeys | None) -> None:
        self._keys = keys

    def reason(self, connection: Connection, address: str) -> SuppressionReason | None:
        """Return why the address must not be mailed, or None when it may."""
        query = select(suppressions.c.reason).where(
            suppressions.c.key.in_(self._required().hashes_of(address))
        )
        reason = connection.execute(query).scalar()
        return None if reason is None else SuppressionReason(reason)

    def among(self, connection: Connection, addresses: Collection[str]) -> set[str]:
        """Return the addresses that must not be mailed. Needs no key while the table is empty."""
        if not addresses or connection.execute(select(suppressions.c.day).limit(1)).first() is None:
            return set()
        owners: dict[bytes, list[str]] = {}
        keys = self._required()
        for address in addresses:
            for key in keys.hashes_of(address):
                owners.setdefault(key, []).append(address)
        return stored_among(connection, suppressions.c.key, owners)

    def record(
        self,
        connection: Connection,
        addresses: Iterable[str],
        reason: SuppressionReason,
        now: datetime,
    ) -> int:
        """Add the addresses; return how many were not there yet. The first reason stays, but for a
        bounce: that keeps the row, and who is erased later must not come back with a backup."""
        keys = self._required()
        rows = [
            {"key": keys.hash_of(address), "reason": reason.value, "day": now.date()}
            for address in addresses
        ]
        if not rows:
            return 0
        statement = insert_new(connection, suppressions).returning(suppressions.c.key)
        added = len(connection.execute(statement, rows).all())
        outdo_bounces(connection, rows)
        return added

    def lift(self, connection: Connection, address: str) -> bool:
        """Forget that the address must not be mailed: its owner asked for mail again. Returns
        whether it was so."""
        if self._keys is None:
            return False
        keys = self._keys.hashes_of(address)
        forgotten = connection.execute(delete(suppressions).where(suppressions.c.key.in_(keys)))
        return bool(forgotten.rowcount)

    def _required(self) -> SuppressionKeys:
        if self._keys is None:
            raise ConfigError(
                "NEWSLETTER_SECRET_KEY is not set. "
                "Without it we cannot check who has unsubscribed.",
                hint="set it to the key of this workspace; newsletter doctor says more",
            )
        return self._keys


def outdo_bounces(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let the reasons in these rows that end a person's row stand in the place of a bounce."""
    ending = [
        {"its": row["key"], "why": row["reason"], "on": row["day"]}
        for row in rows
        if not SuppressionReason(row["reason"]).keeps_row
    ]
    bounced = suppressions.c.reason == SuppressionReason.BOUNCED.value
    outdone = update(suppressions).where(suppressions.c.key == bindparam("its"), bounced)
    if ending:
        connection.execute(outdone.values(reason=bindparam("why"), day=bindparam("on")), ending)


def stored_among(
    connection: Connection,
    column: Column[Any],
    owners: Mapping[Any, Collection[_Owner]],
    *conditions: ColumnElement[bool],
) -> set[_Owner]:
    """Return whose key is stored in the column, in rows of which all that is true. `owners`: key ->
    whose it is."""
    found: set[_Owner] = set()
    keys = list(owners)
    for start in range(0, len(keys), _MANY):
        query = select(column).where(column.in_(keys[start : start + _MANY]), *conditions)
        for (key,) in connection.execute(query):
            found.update(owners[key])
    return found
