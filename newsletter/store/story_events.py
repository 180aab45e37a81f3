"""The chain of consent events and what storytellers took back, as far as the database knows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

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

from newsletter.model.consent import Channel, Revocation
from newsletter.model.submission import CHAIN_START, Actor, EventKind, StoryEvent
from newsletter.store.database import metadata

events = Table(
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

stops = Table(
    "story_stops",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("record_id", String, nullable=False, index=True),
    Column("story_id", String, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("taken_back", JSON, nullable=False),
)

NEWEST_STOP = select(func.max(stops.c.number))


def append(connection: Connection, happened: Sequence[StoryEvent]) -> None:
    """Link the events to the end of the chain, within the caller's transaction."""
    if not happened:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE story_events IN EXCLUSIVE MODE"))
    number, previous = chain_head(connection)
    for event in happened:
        number += 1
        link = event.after(previous)
        previous = link.sha256
        connection.execute(
            insert(events).values(
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


def chain_head(connection: Connection) -> tuple[int, str]:
    """How long the chain is and the hash it ends in."""
    last = connection.execute(
        select(events.c.number, events.c.sha256).order_by(events.c.number.desc()).limit(1)
    ).first()
    return (last.number, last.sha256) if last else (0, CHAIN_START)


def all_events(connection: Connection) -> tuple[StoryEvent, ...]:
    """The whole chain, in order."""
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
        for row in connection.execute(select(events).order_by(events.c.number))
    )


def add_stop(connection: Connection, stop: Revocation) -> None:
    """Keep what was taken back, within the caller's transaction."""
    connection.execute(
        insert(stops).values(
            record_id=stop.record_id,
            story_id=stop.story_id,
            on_day=stop.on,
            taken_back=_taken_back(stop),
        )
    )


def all_stops(connection: Connection) -> tuple[Revocation, ...]:
    """Everything that was taken back, in order."""
    rows = connection.execute(select(stops).order_by(stops.c.number))
    return tuple(
        _stop(row.taken_back, record_id=row.record_id, story_id=row.story_id, on=row.on_day)
        for row in rows
    )


def _taken_back(stop: Revocation) -> dict[str, Any]:
    return {
        "withdrawn": stop.withdrawn,
        "channels": sorted(stop.channels),
        "languages": sorted(stop.languages),
        "picture": stop.picture,
        "name": stop.name,
        "until": stop.until.isoformat() if stop.until else None,
        "fingerprints": [sorted(one) for one in stop.fingerprints],
        "text_hash": stop.text_hash,
    }


def _stop(row: dict[str, Any], *, record_id: str, story_id: str, on: date) -> Revocation:
    return Revocation(
        record_id=record_id,
        story_id=story_id,
        on=on,
        withdrawn=row["withdrawn"],
        channels=frozenset(Channel(one) for one in row["channels"]),
        languages=frozenset(row["languages"]),
        picture=row["picture"],
        name=row["name"],
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        fingerprints=tuple(frozenset(one) for one in row["fingerprints"]),
        text_hash=row["text_hash"],
    )
