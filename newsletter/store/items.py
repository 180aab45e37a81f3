"""Items, the keys they are recognised by, and what they said before they were edited."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, or_, select, update

from newsletter.model.item import Item, ItemKind, ItemWords, MailedPage, beginning
from newsletter.model.pulling import Decide, KnownItem, Recording
from newsletter.store import host_claims
from newsletter.store.database import read_only
from newsletter.store.feeds import write_states
from newsletter.store.inserts import insert_new, upsert
from newsletter.store.item_rows import item_edits, item_keys, item_of, item_row, items, moment_of
from newsletter.store.mailed_pages import note_listed, note_pages

PARAMETERS = 500  # in one query
# What an edit at the source must not change: when we met it, and what editors decided about it.
KEPT = frozenset({"id", "first_seen_at", "identity", "hidden"})


class ItemStore:
    """Items by id. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, ids: Iterable[str]) -> dict[str, Item]:
        """Return those of the ids that exist, by id."""
        wanted = list(ids)
        return {item.id: item for item in self._load(select(items).where(items.c.id.in_(wanted)))}

    def since(self, moment: datetime) -> list[Item]:
        """Return what was first seen since then, neither hidden nor withdrawn, the newest first."""
        return self._load(
            select(items)
            .where(
                items.c.first_seen_at >= moment,
                items.c.hidden.is_(False),
                items.c.withdrawn_at.is_(None),
            )
            .order_by(items.c.first_seen_at.desc(), items.c.id)
        )

    def events_on(self, days: Collection[date]) -> list[Item]:
        """Return the events that begin on those days, as their calendars write the day, hidden and
        withdrawn ones too, by id."""
        if not days:
            return []
        day = func.substr(items.c.details["event"]["starts"].as_string(), 1, 10)
        wanted = sorted(one.isoformat() for one in days)
        query = select(items).where(items.c.kind == ItemKind.EVENT.value, day.in_(wanted))
        return self._load(query.order_by(items.c.id))

    def on_pages(self, pages: Collection[str]) -> list[Item]:
        """Return what leads to those pages (`normal_link`), by id."""
        if not pages:
            return []
        query = select(items).where(items.c.canonical_link.in_(sorted(pages)))
        return self._load(query.order_by(items.c.id))

    def all(
        self,
        *,
        organisation_id: str | None = None,
        kind: ItemKind | None = None,
        words: str = "",
        hidden: bool | None = None,
        limit: int | None = None,
    ) -> list[Item]:
        """Return items by their own date, else when they were first seen, the newest first."""
        query = select(items)
        if organisation_id is not None:
            query = query.where(items.c.organisation_id == organisation_id)
        if kind is not None:
            query = query.where(items.c.kind == kind.value)
        if hidden is not None:
            query = query.where(items.c.hidden.is_(hidden))
        if words:
            pattern = f"%{words.replace('%', '').replace('_', ' ')}%"
            query = query.where(or_(items.c.title.ilike(pattern), items.c.text.ilike(pattern)))
        order = func.coalesce(items.c.published_at, items.c.first_seen_at).desc()
        return self._load(query.order_by(order, items.c.id).limit(limit))

    def each(self) -> Iterator[Item]:
        """Return every item in turn, the newest first, without holding them all."""
        query = select(items).order_by(items.c.first_seen_at.desc(), items.c.id)
        with read_only(self._engine) as connection:
            rows = connection.execution_options(yield_per=500).execute(query)
            yield from map(item_of, rows)

    def find(self, prefix: str) -> list[Item]:
        """Return up to 20 items whose id starts so: one when the prefix is long enough."""
        pattern = prefix.lower().replace("%", "").replace("_", "") + "%"
        return self._load(
            select(items).where(items.c.id.like(pattern)).order_by(items.c.id).limit(20)
        )

    def hide(self, item_id: str, hidden: bool) -> bool:
        """Keep an item out of every draft, or let it back in; return whether there is one."""
        with self._engine.begin() as connection:
            result = connection.execute(
                update(items).where(items.c.id == item_id).values(hidden=hidden)
            )
            return result.rowcount == 1

    def withdraw(self, ids: Iterable[str], at: datetime | None) -> int:
        """Mark items as gone at their source, or as back (None); return how many there were."""
        with self._engine.begin() as connection:
            return connection.execute(
                update(items).where(items.c.id.in_(list(ids))).values(withdrawn_at=at)
            ).rowcount

    def note_pages(self, pages: Mapping[str, MailedPage]) -> None:
        """Keep what a pull saw of the pages of mailed pieces, by item id."""
        with self._engine.begin() as connection:
            note_pages(connection, pages)

    def save(self, new: Iterable[Item]) -> None:
        """Insert the items; those whose id is there already are replaced."""
        rows = [item_row(item) for item in new]
        if rows:
            with self._engine.begin() as connection:
                upsert(connection, items, rows, ("id",))

    def update(self, edited: Iterable[Item], now: datetime) -> None:
        """Take over what sources say now, in one transaction; what they said before is kept."""
        with self._engine.begin() as connection:
            for item in edited:
                _edit(connection, item, now)

    def known(self, organisation_id: str, keys: Sequence[str]) -> dict[str, KnownItem]:
        """Return what the organisation's items have of these keys, by key."""
        with self._engine.begin() as connection:
            return _known(connection, organisation_id, keys)

    def record(
        self,
        organisation_id: str,
        keys: Sequence[str],
        ids: Sequence[str],
        decide: Decide,
        now: datetime,
        *,
        held: tuple[str, str] | None = None,
    ) -> Recording | None:
        """Write all that one feed brought, in one transaction: all or nothing. None, and nothing,
        where the host and the pull of `held` do not belong together any more.

        `decide` is given what the keys are known as and which of the ids are taken, and returns
        what to write: nobody else writes in between. A calendar's events to come that it no longer
        has are withdrawn, and restored when they are back; so are mailed pieces that it lists.
        """
        with self._engine.begin() as connection:
            if held is not None and not host_claims.held(connection, held[1], [held[0]]):
                return None
            recording = decide(_known(connection, organisation_id, keys), _taken(connection, ids))
            if recording.new:
                rows = [item_row(item) for item in recording.new]
                connection.execute(insert_new(connection, items), rows)
            for item in recording.edited:
                _edit(connection, item, now)
            if recording.keys:
                rows = [
                    {"organisation_id": organisation_id, "key": key, "item_id": item_id}
                    for key, item_id in recording.keys.items()
                ]
                connection.execute(insert_new(connection, item_keys), rows)
            if recording.until is not None:
                lost = _withdraw_lost_events(connection, recording, now, recording.until)
                recording = replace(recording, withdrawn=lost)
            if recording.mailed:
                note_listed(connection, recording)
            write_states(connection, [recording.state])
        return recording

    def as_of(self, item_id: str, moment: datetime) -> ItemWords | None:
        """Return what the item said at that moment; None when it did not change since."""
        query = (
            select(item_edits.c.title, item_edits.c.text)
            .where(item_edits.c.item_id == item_id, item_edits.c.edited_at > moment)
            .order_by(item_edits.c.edited_at)
            .limit(1)
        )
        with read_only(self._engine) as connection:
            row = connection.execute(query).first()
        return ItemWords(row.title, row.text) if row else None

    def _load(self, query: Any) -> list[Item]:
        with read_only(self._engine) as connection:
            return [item_of(row) for row in connection.execute(query)]


# Put together once: doing so costs more than asking.
_KNOWN = (
    select(
        item_keys.c.key,
        items.c.id,
        items.c.content_sha256,
        items.c.canonical_link,
        items.c.published_at,
        items.c.is_backlog,
    )
    .join(items, items.c.id == item_keys.c.item_id)
    .where(
        item_keys.c.organisation_id == bindparam("organisation_id"),
        item_keys.c.key.in_(bindparam("keys", expanding=True)),
    )
)
_TAKEN = select(items.c.id).where(items.c.id.in_(bindparam("ids", expanding=True)))


def _known(
    connection: Connection, organisation_id: str, keys: Sequence[str]
) -> dict[str, KnownItem]:
    known: dict[str, KnownItem] = {}
    for start in range(0, len(keys), PARAMETERS):
        values = {"organisation_id": organisation_id, "keys": keys[start : start + PARAMETERS]}
        rows = connection.execute(_KNOWN, values)
        known |= {key: KnownItem(*facts) for key, *facts in rows}
    return known


def _taken(connection: Connection, ids: Sequence[str]) -> frozenset[str]:
    taken: set[str] = set()
    for start in range(0, len(ids), PARAMETERS):
        taken |= set(connection.execute(_TAKEN, {"ids": ids[start : start + PARAMETERS]}).scalars())
    return frozenset(taken)


def _withdraw_lost_events(
    connection: Connection, recording: Recording, now: datetime, until: datetime
) -> tuple[str, ...]:
    """The ids of events before `until` that the calendar had and has no more."""
    query = select(items.c.id, items.c.details, items.c.withdrawn_at).where(
        items.c.feed_url == recording.state.url, items.c.kind == ItemKind.EVENT.value
    )
    lost, back = [], []
    for item_id, details, withdrawn_at in connection.execute(query):
        if item_id in recording.present:
            if withdrawn_at is not None:
                back.append(item_id)
        elif (
            withdrawn_at is None and now < beginning(moment_of(details["event"]["starts"])) < until
        ):
            lost.append(item_id)
    for ids, moment in ((lost, now), (back, None)):
        if ids:
            connection.execute(update(items).where(items.c.id.in_(ids)).values(withdrawn_at=moment))
    return tuple(lost)


def _edit(connection: Connection, item: Item, now: datetime) -> None:
    """Keep what it said before, and the date it had first; take over what it says now.

    A link or a date that went stays. What was news stays news.
    """
    row = connection.execute(select(items).where(items.c.id == item.id)).first()
    if row is None:
        return
    before = item_of(row)
    if before.told != item.told:
        title, text = before.told
        upsert(
            connection,
            item_edits,
            [{"item_id": item.id, "edited_at": now, "title": title, "text": text}],
            ("item_id", "edited_at"),
        )
    item = _with_what_stays(item, before)
    values = {name: value for name, value in item_row(item).items() if name not in KEPT}
    connection.execute(update(items).where(items.c.id == item.id).values(**values))


def _with_what_stays(item: Item, before: Item) -> Item:
    published = item.published_at or before.published_at
    first = before.first_published_at
    if first is None and published != before.published_at:
        first = before.published_at or before.first_seen_at
    return replace(
        item,
        link=item.link or before.link,
        canonical_link=item.canonical_link or before.canonical_link,
        published_at=published,
        first_published_at=first,
        unreadable_date="" if published else item.unreadable_date,
        is_backlog=before.is_backlog and item.is_backlog,
    )
