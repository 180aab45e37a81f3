"""People who left, and whom a database put back to an earlier day has again: they are kept out."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Connection, Engine, bindparam, delete, select, update

from newsletter.model.subscriber import SubscriberState, SuppressionReason
from newsletter.model.suppression import Caught, KeptOut, SuppressionKeys
from newsletter.store.database import read_only
from newsletter.store.inserts import insert_new
from newsletter.store.subscribers import subscribers
from newsletter.store.suppressions import outdo_bounces, stored_among, suppressions

_MANY = 500  # parameters of one IN (...)
_CHUNK = 5000
_PEOPLE = (
    select(
        subscribers.c.id,
        subscribers.c.address,
        subscribers.c.state,
        subscribers.c.joined_at,
        subscribers.c.confirmed_at,
    )
    .where(subscribers.c.id > bindparam("after"))
    .order_by(subscribers.c.id)
    .limit(_CHUNK)
)


class LeftPeople:
    """Brings a database up to what is written down outside it of who left, in `pages`."""

    def __init__(
        self,
        engine: Engine,
        keys: SuppressionKeys | None,
        pages: Callable[[], Iterable[Sequence[KeptOut]]],
    ) -> None:
        self._engine = engine
        self._keys = keys
        self._pages = pages

    def keep_out(self) -> Caught:
        """Keep out those whom the database does not; nothing is written where it knows them all."""
        with read_only(self._engine) as connection:
            new = [one for page in self._pages() for one in unknown(connection, page)]
        if not new:
            return Caught()
        with self._engine.begin() as connection:
            return keep_out(connection, new, self._keys)


def unknown(connection: Connection, page: Sequence[KeptOut]) -> list[KeptOut]:
    """Return those that the database does not keep out, or of whom it knows only that their mail
    bounced, though what came after ends their row."""
    owners = {one.key: [one.key] for one in page}
    known = stored_among(connection, suppressions.c.key, owners)
    bounced = suppressions.c.reason == SuppressionReason.BOUNCED.value
    kept = stored_among(connection, suppressions.c.key, owners, bounced) if known else set()
    return [
        one
        for one in page
        if one.key not in known or (one.key in kept and one.reason and not one.reason.keeps_row)
    ]


def keep_out(
    connection: Connection, new: Iterable[KeptOut], keys: SuppressionKeys | None
) -> Caught:
    """Keep out those that the database did not, and end the rows that it still has of them.

    Whoever confirmed after that moment asked for mail again, and stays; so does who asked and has
    not confirmed. Without the keys nobody's row can be found: no mail goes to it all the same.
    """
    caught = {one.key: one for one in new}
    if not caught:
        return Caught()
    ended, bounced, again = _owners(connection, caught, keys)
    rows = [
        {"key": one.key, "reason": one.reason.value, "day": one.at.date()}
        for one in caught.values()
        if one.reason and one.key not in again
    ]
    if rows:
        connection.execute(insert_new(connection, suppressions), rows)
        outdo_bounces(connection, rows)
    for start in range(0, len(ended), _MANY):
        these = subscribers.c.id.in_(ended[start : start + _MANY])
        connection.execute(delete(subscribers).where(these))
    for start in range(0, len(bounced), _MANY):
        these = subscribers.c.id.in_(bounced[start : start + _MANY])
        state = SubscriberState.BOUNCED.value
        connection.execute(update(subscribers).where(these).values(state=state))
    return Caught(hashes=len(rows), people=len(ended) + len(bounced), again=tuple(sorted(again)))


def _owners(
    connection: Connection, caught: dict[bytes, KeptOut], keys: SuppressionKeys | None
) -> tuple[list[int], list[int], set[bytes]]:
    """Rows that end, rows that are marked as bounced, and hashes whose owners asked again."""
    ended: list[int] = []
    bounced: list[int] = []
    again: set[bytes] = set()
    after = 0
    while keys and (rows := connection.execute(_PEOPLE, {"after": after}).all()):
        after = rows[-1].id
        for row in rows:
            for key in keys.hashes_of(row.address):
                one = caught.get(key)
                if one is None or one.reason is None:
                    continue
                if row.state == SubscriberState.PENDING.value:
                    if row.joined_at is None or row.joined_at <= one.at:
                        ended.append(row.id)
                elif row.confirmed_at is not None and row.confirmed_at > one.at:
                    again.add(key)
                elif one.reason.keeps_row:
                    bounced.append(row.id)
                else:
                    ended.append(row.id)
    return ended, bounced, again
