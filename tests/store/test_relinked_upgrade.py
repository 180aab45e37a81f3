"""The upgrade from 0.2 puts the chain of events under the key: at once or not at all, and once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text

from newsletter.model.keyed import keyed
from newsletter.model.story import sha256_of
from newsletter.model.submission import CHAIN_START, Actor, Checkpoint, EventKind, StoryEvent
from newsletter.store.database import open_engine
from newsletter.store.schema import alembic_settings, migrate
from newsletter.store.stories import SqlStories
from newsletter.stories.record.hash_chain import chain_faults
from tests.stories.keys import KEY

DAY = date(2026, 11, 20)
FORM = sha256_of("the night shift", "my name is maria quispe")
NOTES = ("", "", f"en email_excerpt {FORM}", "")
NUMBER = "SELECT count(*) FROM story_events WHERE kind = 'relinked'"


def chain(notes: Sequence[str]) -> list[StoryEvent]:
    links: list[StoryEvent] = []
    for number, note in enumerate(notes):
        kind = EventKind.AGREED if note else EventKind.GIVEN
        event = StoryEvent(record_id=f"r{number}", kind=kind, on=DAY, actor=Actor.EDITOR, note=note)
        links.append(event.after(links[-1].sha256 if links else CHAIN_START))
    return links


BEFORE = chain(NOTES)
WRITTEN = [Checkpoint(length=at, sha256=one.sha256) for at, one in enumerate(BEFORE, 1)]


def write(connection: Connection, events: Sequence[StoryEvent], first: int = 1) -> None:
    """As 0.2 wrote them."""
    for number, event in enumerate(events, first):
        connection.execute(
            text(
                "INSERT INTO story_events VALUES "
                "(:number, :record_id, :kind, :on, :actor, :note, :previous, :sha256)"
            ),
            {
                "number": number,
                "record_id": event.record_id,
                "kind": event.kind.value,
                "on": event.on.isoformat(),
                "actor": event.actor.value,
                "note": event.note,
                "previous": event.previous,
                "sha256": event.sha256,
            },
        )


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest) -> Engine:
    """A database as 0.2 left it."""
    made: Engine = request.getfixturevalue(request.param)
    with made.begin() as connection:
        command.upgrade(alembic_settings(connection), "0001")
        write(connection, BEFORE)
    return made


def upgrade(engine: Engine) -> tuple[StoryEvent, ...]:
    migrate(engine, lambda: KEY, today=lambda: DAY)
    return SqlStories(engine).events()


def test_a_chain_from_0_2_is_whole_after_the_upgrade_without_a_digest_that_needs_no_key(
    old: Engine, tmp_path: Path
) -> None:
    events = upgrade(old)
    assert chain_faults(events, WRITTEN, key=KEY) == ()
    assert [event.kind for event in events[3:]] == [EventKind.GIVEN, EventKind.RELINKED]
    assert events[2].note == f"en email_excerpt {keyed(KEY, FORM)}"
    assert events[:2] == tuple(BEFORE[:2]), "what covers no words stays as it was"
    store = SqlStories(old)
    store.append_events(
        [StoryEvent(record_id="r", kind=EventKind.GIVEN, on=DAY, actor=Actor.EDITOR)]
    )
    assert chain_faults(store.events(), [*WRITTEN, store.head()], key=KEY) == ()
    old_digests = [FORM, *(event.sha256 for event in BEFORE[2:])]
    with old.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM story_events")).all())
        assert not [digest for digest in old_digests if digest in rows]
        if old.dialect.name == "postgresql":
            connection.execute(text("CHECKPOINT"))
            file = "SELECT pg_read_binary_file(pg_relation_filepath('story_events'))"
            kept = bytes(connection.execute(text(file)).scalar_one())
            assert keyed(KEY, FORM).encode() in kept
            assert not [digest for digest in old_digests if digest.encode() in kept]
    if old.dialect.name == "sqlite":
        old.dispose()
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert not [digest for digest in old_digests if digest.encode() in kept]


def test_a_chain_without_agreed_words_stays_as_it_is(sqlite: Engine) -> None:
    events = chain(["", "", ""])
    with sqlite.begin() as connection:
        command.upgrade(alembic_settings(connection), "0001")
        write(connection, events)
    migrate(sqlite)  # without the key
    assert SqlStories(sqlite).events() == tuple(events)


def test_an_upgrade_that_fails_later_leaves_the_chain_as_it_was(old: Engine) -> None:
    with old.begin() as connection:
        connection.execute(text("CREATE TABLE state_marks (name VARCHAR)"))  # 0005 makes it
    with pytest.raises(Exception, match="state_marks"):
        upgrade(old)
    assert SqlStories(old).events() == tuple(BEFORE)
    with old.begin() as connection:
        connection.execute(text("DROP TABLE state_marks"))
    assert chain_faults(upgrade(old), WRITTEN, key=KEY) == ()


def test_two_processes_that_upgrade_at_once_do_it_once(old: Engine, tmp_path: Path) -> None:
    url = old.url.render_as_string(hide_password=False)
    engines = [open_engine(url, root=tmp_path) for _ in range(2)]
    try:
        with ThreadPoolExecutor(2) as pool:
            found = list(pool.map(upgrade, engines))
    finally:
        for engine in engines:
            engine.dispose()
    assert found[0] == found[1]
    assert chain_faults(found[0], WRITTEN, key=KEY) == ()
    with old.connect() as connection:
        assert connection.execute(text(NUMBER)).scalar() == 1


def test_what_an_older_program_adds_meanwhile_is_in_the_new_chain(postgres: Engine) -> None:
    """0.2 still serves and has an event under way. SQLite has one writer anyway."""
    longer = chain([*NOTES, f"en web_archive {FORM[::-1]}"])
    with postgres.begin() as connection:
        command.upgrade(alembic_settings(connection), "0001")
        write(connection, longer[:4])
    with ThreadPoolExecutor(1) as pool:
        with postgres.begin() as connection:
            connection.execute(text("LOCK TABLE story_events IN EXCLUSIVE MODE"))
            write(connection, longer[4:], 5)
            upgraded = pool.submit(upgrade, postgres)
            with pytest.raises(TimeoutError):
                upgraded.result(0.3)
        events = upgraded.result(20)
    assert len(events) == 6
    assert chain_faults(events, [Checkpoint(length=5, sha256=longer[-1].sha256)], key=KEY) == ()
    assert FORM[::-1] not in events[4].note
