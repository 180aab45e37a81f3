"""The chain of events shows whatever was edited, removed or put back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.model.submission import CHAIN_START, Actor, Checkpoint, EventKind, StoryEvent
from newsletter.stories.record.checkpoint_file import CheckpointFile
from newsletter.stories.record.hash_chain import chain_faults

DAY = date(2026, 11, 20)


def chain(length: int) -> list[StoryEvent]:
    events: list[StoryEvent] = []
    previous = CHAIN_START
    for number in range(length):
        link = StoryEvent(
            record_id=f"r{number}", kind=EventKind.GIVEN, on=DAY, actor=Actor.STORYTELLER
        ).after(previous)
        events.append(link)
        previous = link.sha256
    return events


def test_a_whole_chain_has_no_faults() -> None:
    events = chain(5)
    assert chain_faults(events, [Checkpoint(length=0, sha256=CHAIN_START)]) == ()
    assert chain_faults(events, [Checkpoint(length=3, sha256=events[2].sha256)]) == ()
    assert chain_faults([], []) == ()


@pytest.mark.parametrize("at", [0, 2, 4])
def test_an_edited_event_shows(at: int) -> None:
    events = chain(5)
    for field, value in (("kind", EventKind.WITHDRAWN), ("on", date(2020, 1, 1)), ("note", "x")):
        edited = [*events[:at], replace(events[at], **{field: value}), *events[at + 1 :]]
        assert f"event {at + 1} was edited" in chain_faults(edited, [])


@pytest.mark.parametrize("at", [0, 2, 3])
def test_a_removed_event_shows(at: int) -> None:
    events = chain(5)
    assert "something was removed" in chain_faults([*events[:at], *events[at + 1 :]], [])[0]


def test_removal_at_the_end_and_an_older_database_show_by_what_was_written_down() -> None:
    events = chain(5)
    checkpoints = [Checkpoint(length=5, sha256=events[-1].sha256)]
    assert "the last 2 events are missing" in chain_faults(events[:3], checkpoints)[0]
    rewritten = [*events[:4], replace(events[4], note="other").after(events[3].sha256)]
    assert "not the one that was written down" in chain_faults(rewritten, checkpoints)[0]


def test_what_was_written_down_is_read_again(tmp_path: Path) -> None:
    checkpoints = CheckpointFile(tmp_path / "chain.txt")
    assert checkpoints.read() == ()
    checkpoints.append(Checkpoint(length=1, sha256="a" * 64))
    checkpoints.append(Checkpoint(length=2, sha256="b" * 64))
    assert [checkpoint.length for checkpoint in checkpoints.read()] == [1, 2]
    with (tmp_path / "chain.txt").open("a") as file:
        file.write("rubbish\n")
    with pytest.raises(ConfigError) as caught:
        checkpoints.read()
    assert caught.value.line == 3
