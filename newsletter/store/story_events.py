"""The hash chain of consent events and what storytellers took back, in the database."""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Integer,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
)

from newsletter.model.consent import Revocation
from newsletter.model.submission import (
    CHAIN_START,
    Actor,
    Checkpoint,
    EventKind,
    StoryEvent,
)
from newsletter.store.database import metadata

story_events = Table(
    "story_events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("record_id", String, nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("actor", String, nullable=False),
    Column("note", String, nullable=False),
    Column("previous", String, nullable=False),
    Column("sha256", String, nullable=False),
    UniqueConstraint("previous"),  # a chain that forks is no chain
)

story_revocations = Table(
    "story_stops",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("record_id", String, nullable=False, index=True),
    Column("story_id", String, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("taken_back", JSON, nullable=False),
)

NEWEST_REVOCATION = select(func.max(story_revocations.c.number))


def append_events(connection: Connection, events: Sequence[StoryEvent]) -> None:
    """Link the events to the end of the chain, within the caller's transaction."""
    if not events:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE story_events IN EXCLUSIVE MODE"))
    head = chain_head(connection)
    previous = head.sha256
    for number, event in enumerate(events, head.length + 1):
        link = event.after(previous)
        previous = link.sha256
        connection.execute(
            insert(story_events).values(
                number=number,
                record_id=link.record_id,
                kind=link.kind.value,
                on_day=link.on,
                actor=link.actor.value,
                note=link.note,
                previous=link.previous,
                sha256=link.sha256,
            )
        )


def chain_head(connection: Connection) -> Checkpoint:
    """Return where the chain stands."""
    last = connection.execute(
        select(story_events.c.number, story_events.c.sha256)
        .order_by(story_events.c.number.desc())
        .limit(1)
    ).first()
    if last is None:
        return Checkpoint(length=0, sha256=CHAIN_START)
    return Checkpoint(length=last.number, sha256=last.sha256)


def all_events(connection: Connection) -> tuple[StoryEvent, ...]:
    """Return the whole chain, in order."""
    return events_of(connection, EventKind)


def events_of(connection: Connection, kinds: Iterable[EventKind]) -> tuple[StoryEvent, ...]:
    """Return the events of some kinds, in order."""
    query = select(story_events).where(story_events.c.kind.in_([kind.value for kind in kinds]))
    return tuple(
        StoryEvent(
            record_id=row.record_id,
            kind=EventKind(row.kind),
            on=row.on_day,
            actor=Actor(row.actor),
            note=row.note,
            previous=row.previous,
            sha256=row.sha256,
        )
        for row in connection.execute(query.order_by(story_events.c.number))
    )


def add_revocation(connection: Connection, revocation: Revocation) -> None:
    """Keep a revocation, within the caller's transaction."""
    connection.execute(
        insert(story_revocations).values(
            record_id=revocation.record_id,
            story_id=revocation.story_id,
            on_day=revocation.on,
            taken_back=revocation.limits(),
        )
    )


def all_revocations(connection: Connection) -> tuple[Revocation, ...]:
    """Return every revocation, in order."""
    rows = connection.execute(select(story_revocations).order_by(story_revocations.c.number))
    return tuple(
        Revocation.of_limits(
            row.taken_back,
            record_id=row.record_id,
            story_id=row.story_id,
            on=row.on_day,
        )
        for row in rows
    )
