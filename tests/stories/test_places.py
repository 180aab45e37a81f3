"""What was taken back lies in two places and the chain: written to both, read from any."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, ConfigError, ServiceError
from newsletter.model.consent import Channel, Denied, Revocation
from newsletter.model.submission import Actor, Checkpoint, EventKind, StoryEvent
from newsletter.stories.consent.purge_stories import sync_withdrawals
from newsletter.stories.consent.withdraw import Withdrawn, withdraw_by_code
from newsletter.stories.record.checkpoint_file import CheckpointFile
from newsletter.stories.record.hash_chain import chain_stops, narrowing_note, tells
from newsletter.stories.record.revocation_file import RevocationFile
from newsletter.stories.services import StoryServices
from tests.stories.making import TODAY, asked, give_keys, publish

STOP = Revocation(record_id="r1", story_id="s1", on=TODAY, withdrawn=True)
NARROW = Revocation(
    record_id="r2",
    on=TODAY,
    channels=frozenset({Channel.PRESS, Channel.WEB_ARCHIVE}),
    languages=frozenset({"es", "zh-Hant"}),
    picture=True,
    name=True,
    until=date(2027, 1, 1),
)


def kept(*paths: Path) -> RevocationFile:
    return RevocationFile(*paths, key=b"k" * 32)


@pytest.fixture
def two(tmp_path: Path) -> RevocationFile:
    return kept(tmp_path / "inside" / "w.jsonl", tmp_path / "outside" / "w.jsonl")


def event(kind: EventKind, note: str = "", record: str = "r2") -> StoryEvent:
    return StoryEvent(record_id=record, kind=kind, on=TODAY, actor=Actor.EDITOR, note=note)


@pytest.mark.parametrize("lost", [0, 1])
def test_a_revocation_is_read_from_either_place(two: RevocationFile, lost: int) -> None:
    assert two.append(STOP) == ()
    two.paths[lost].unlink()
    assert two.read() == (STOP,)
    assert two.complete([STOP, NARROW]) == 3
    assert kept(two.paths[lost]).read() == (STOP, NARROW)
    assert two.complete(two.read()) == 0


@pytest.mark.parametrize("broken", [0, 1])
def test_written_to_one_place_it_holds_and_the_other_is_left_to_do(
    two: RevocationFile, broken: int
) -> None:
    two.paths[broken].mkdir(parents=True)
    (left,) = two.append(STOP)
    assert str(two.paths[broken]) in left
    assert kept(two.paths[1 - broken]).read() == (STOP,)
    with pytest.raises(ServiceError, match="not a file"):
        two.read()


def test_written_nowhere_it_is_said_not_to_be_done(two: RevocationFile) -> None:
    for path in two.paths:
        path.mkdir(parents=True)
    with pytest.raises(ServiceError, match="could not be written") as refused:
        two.append(STOP)
    assert "NOT withdrawn" in refused.value.hint


def test_a_full_disk_leaves_no_half_of_a_line(two: RevocationFile) -> None:
    two.append(STOP)
    full = two.paths[0]
    whole = full.read_bytes()
    full.unlink()
    full.symlink_to("/dev/full")
    (left,) = two.append(replace(STOP, record_id="r9"))
    assert "No space left" in left
    full.unlink()
    full.write_bytes(whole)
    assert [one.record_id for one in two.read()] == ["r1", "r9"]


@pytest.mark.parametrize("damaged", ["stories", "outside"])
def test_a_damaged_list_stops_every_story_but_no_withdrawal(
    services: StoryServices, damaged: str
) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    path = services.revocation_file.paths[damaged == "outside"]
    path.write_text("{half a li\n")
    with pytest.raises(ConfigError, match="a withdrawal may be lost"):
        asked(services, story.id)
    done = withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    assert isinstance(done, Withdrawn)
    path.write_text(path.read_text().removeprefix("{half a li\n"))
    assert isinstance(asked(services, story.id), Denied)


def test_a_story_is_deleted_only_after_its_withdrawal_was_written(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    for path in services.revocation_file.paths:
        path.mkdir()
    with pytest.raises(ServiceError, match="could not be written"):
        withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    assert services.files.exists(story.path)
    assert services.store.all()[0].state.value == "publishable"


def test_the_chain_tells_what_was_narrowed_by_its_note() -> None:
    note = narrowing_note(NARROW)
    assert chain_stops([event(EventKind.NARROWED, note)], ()) == (NARROW,)
    assert chain_stops([event(EventKind.NARROWED, note)], [replace(NARROW, story_id="s")]) == ()
    assert tells([event(EventKind.NARROWED, note)], NARROW)
    assert not tells([event(EventKind.NARROWED, "press")], NARROW)
    assert not tells([event(EventKind.GIVEN)], STOP)
    assert not tells([event(EventKind.NARROWED, note, record="r1")], STOP)


def test_of_several_limits_each_is_told_that_nobody_knows() -> None:
    told = [event(EventKind.NARROWED, "press"), event(EventKind.NARROWED, "social")]
    press, social = chain_stops(told, ())
    assert chain_stops(told, [press]) == (social,)
    assert chain_stops(told, [replace(STOP, record_id="r2")]) == ()
    (earliest,) = chain_stops([event(EventKind.NARROWED, "until 2027-02-01, until 2027-01-01")], ())
    assert earliest.until == date(2027, 1, 1)


@pytest.mark.parametrize("note", ["", "until then", "until 2027-13-01, press", ", "])
def test_a_note_that_cannot_be_read_takes_everything_back(note: str) -> None:
    (stop,) = chain_stops([event(EventKind.NARROWED, note)], ())
    assert stop.withdrawn


@pytest.mark.parametrize("note", ["", "known from the file", "press"])
def test_a_withdrawal_takes_everything_back_whatever_its_note(note: str) -> None:
    (stop,) = chain_stops([event(EventKind.WITHDRAWN, note)], ())
    assert stop.withdrawn


def test_other_events_stop_nothing() -> None:
    others = [kind for kind in EventKind if kind not in (EventKind.WITHDRAWN, EventKind.NARROWED)]
    assert chain_stops([event(kind) for kind in others], ()) == ()


def test_what_only_a_file_knows_reaches_the_database_its_chain_and_the_other_file(
    services: StoryServices,
) -> None:
    inside, outside = services.revocation_file.paths
    kept(outside).append(STOP)
    kept(inside).append(NARROW)
    sync_withdrawals(services, today=TODAY)
    assert set(services.store.revocations()) == {STOP, NARROW}
    assert set(kept(inside).read()) == set(kept(outside).read())
    told = [(one.record_id, one.kind.value) for one in services.store.events()]
    assert sorted(told) == [("r1", "erased"), ("r1", "withdrawn"), ("r2", "narrowed")]
    sync_withdrawals(services, today=TODAY)
    assert len(services.store.events()) == 3


def test_what_only_the_chain_knows_reaches_the_database_and_both_files(
    services: StoryServices,
) -> None:
    services.append_events([event(EventKind.WITHDRAWN, record="r1")])
    sync_withdrawals(services, today=TODAY)
    (stop,) = services.store.revocations()
    assert (stop.record_id, stop.withdrawn) == ("r1", True)
    for path in services.revocation_file.paths:
        assert kept(path).read() == (stop,)
    assert len(services.store.events()) == 1


def test_an_event_while_somebody_reads_is_no_fault(services: StoryServices) -> None:
    consents = services.consents
    consents.revocations()
    services.append_events([event(EventKind.GIVEN)])
    consents.revocations()
    services.append_events([event(EventKind.WITHDRAWN)])
    assert [one.record_id for one in consents.revocations()] == ["r2"], "no new reader is needed"


def test_an_edited_event_stops_all_until_a_person_confirmed_it(services: StoryServices) -> None:
    written = CheckpointFile(services.folder.folder / "chain.txt")
    services.append_events([event(EventKind.GIVEN), event(EventKind.AGREED)])
    services.checkpoints.append(Checkpoint(length=2, sha256="0" * 64))
    with pytest.raises(AttentionError, match="event 2 is not the one that was written down"):
        services.consents.revocations()
    services.checkpoints.begin(services.store.head())
    assert services.consents.revocations() == ()
    assert [line.length for line in written.read()] == [2]
