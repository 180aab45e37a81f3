"""Submissions, events and stops: the same on SQLite and PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from newsletter.errors import AttentionError
from newsletter.model.consent import Attribution, Channel, Revocation
from newsletter.model.submission import (
    Actor,
    EventKind,
    Sealed,
    StoryEvent,
    Submission,
    SubmissionState,
)
from newsletter.store.stories import SqlStories
from newsletter.stories.record.hash_chain import chain_faults
from tests.processes import PATIENCE
from tests.stories.conftest import make_consent

DAY = date(2026, 11, 20)


def make(number: int = 1) -> Submission:
    consent = replace(
        make_consent(),
        record_id=f"record{number}",
        receipt_hash=f"hash{number}",
        attribution=Attribution.ANONYMOUS,
        attribution_words="",
    )
    return Submission(
        id=f"submission{number}",
        consent=consent,
        received_on=DAY,
        language="es",
        sealed=Sealed(text=b"age-encryption.org/v1 text", picture=b"picture", notes=b""),
    )


def event(kind: EventKind = EventKind.GIVEN, record: str = "record1") -> StoryEvent:
    return StoryEvent(record_id=record, kind=kind, on=DAY, actor=Actor.STORYTELLER)


def test_a_submission_is_found_by_each_of_its_names(engine: Engine) -> None:
    store = SqlStories(engine)
    store.add(make(), [event()])
    assert store.get("submission1") == make()
    assert store.by_record("record1") == make()
    assert store.by_receipt("hash1") == make()
    assert store.all() == (replace(make(), sealed=Sealed()),)
    assert store.get("other") is None


def test_the_words_to_print_are_never_stored(engine: Engine) -> None:
    store = SqlStories(engine)
    named = replace(
        make().consent, attribution=Attribution.FULL_NAME, attribution_words="Canary Name"
    )
    store.add(replace(make(), consent=named), [])
    found = store.get("submission1")
    assert found is not None
    assert found.consent.attribution_words == ""


def test_a_form_sent_twice_is_kept_once_with_its_events(engine: Engine) -> None:
    store = SqlStories(engine)
    store.add(make(), [event()])
    store.add(make(), [event(EventKind.REQUESTED)])
    assert [one.kind for one in store.events()] == [EventKind.GIVEN]
    assert len(store.all()) == 1


def test_a_submission_and_its_events_are_kept_together_or_not_at_all(engine: Engine) -> None:
    store = SqlStories(engine)
    store.add(make(), [])
    forked = replace(make(), id="submission2", consent=replace(make().consent, record_id="r2"))
    with pytest.raises(AttributeError):
        store.add(forked, [event(), None])  # type: ignore[list-item]
    assert store.events() == ()
    assert [one.id for one in store.all()] == ["submission1"]


def test_a_change_is_refused_when_somebody_was_quicker(engine: Engine) -> None:
    store = SqlStories(engine)
    store.add(make(), [])
    done = replace(make(), state=SubmissionState.PUBLISHABLE, story_id="abc")
    store.change(done, [event(EventKind.AGREED)], expected=SubmissionState.WAITING)
    with pytest.raises(AttentionError, match="changed meanwhile"):
        store.change(done, [event(EventKind.AGREED)], expected=SubmissionState.WAITING)
    assert store.get("submission1") == done
    assert len(store.events()) == 1


def test_what_was_taken_back_is_kept_and_the_row_emptied(engine: Engine) -> None:
    store = SqlStories(engine)
    store.add(make(), [])
    stop = Revocation(
        record_id="record1",
        story_id="abc",
        on=DAY,
        withdrawn=True,
        channels=frozenset({Channel.PRESS}),
        until=DAY,
        fingerprints=("a1b2c3", "d4e5f6"),
        before=(frozenset({"a", "b"}), frozenset({"c"})),
        given=DAY,
    )
    empty = replace(make(), state=SubmissionState.WITHDRAWN, sealed=Sealed())
    store.revoke(stop, [event(EventKind.WITHDRAWN)], emptied=empty)
    assert store.revocations() == (stop,)
    assert store.get("submission1") == empty


def test_each_event_carries_the_hash_of_the_one_before(engine: Engine) -> None:
    store = SqlStories(engine)
    store.append_events([event(EventKind.REQUESTED), event()])
    store.append_events([event(EventKind.WITHDRAWN)])
    head = store.head()
    assert head.length == 3
    assert chain_faults(store.events(), [head]) == ()


def test_two_writers_never_fork_the_chain(engine: Engine) -> None:
    store = SqlStories(engine)
    start = threading.Barrier(4, timeout=PATIENCE)

    def write(record: str) -> None:
        start.wait()
        for _ in range(15):
            store.append_events([event(record=record)])

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, (f"r{number}" for number in range(4))))
    assert store.head().length == 60
    assert chain_faults(store.events(), []) == ()


def test_stops_can_be_asked_while_another_writes(engine: Engine) -> None:
    store = SqlStories(engine)
    store.revoke(Revocation(record_id="r", on=DAY, withdrawn=True), [], emptied=None)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE story_stops SET story_id = 'x'")
        assert [stop.record_id for stop in store.revocations()] == ["r"]
