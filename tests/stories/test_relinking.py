"""A chain from 0.2 goes under the key, and shows whatever was done to it before and after."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from newsletter.model.keyed import keyed
from newsletter.model.relinking import relinked, relinking
from newsletter.model.story import sha256_of
from newsletter.model.submission import CHAIN_START, Actor, Checkpoint, EventKind, StoryEvent
from newsletter.stories.record.hash_chain import chain_faults
from tests.stories.keys import KEY

DAY = date(2026, 11, 20)
FORM = sha256_of("the night shift", "my name is maria quispe")
TOLD = (
    ("r1", EventKind.REQUESTED, ""),
    ("r1", EventKind.GIVEN, ""),
    ("r1", EventKind.AGREED, f"en email_excerpt {FORM}"),
    ("r2", EventKind.GIVEN, ""),
    ("r1", EventKind.AGREED, f"en web_archive {FORM[::-1]}"),
    ("r2", EventKind.WITHDRAWN, ""),
)


def link(events: Sequence[StoryEvent]) -> list[StoryEvent]:
    """The events as a chain that holds by itself."""
    links: list[StoryEvent] = []
    for event in events:
        links.append(event.after(links[-1].sha256 if links else CHAIN_START))
    return links


def event(record_id: str, kind: EventKind, note: str = "") -> StoryEvent:
    return StoryEvent(record_id=record_id, kind=kind, on=DAY, actor=Actor.EDITOR, note=note)


def head_of(events: Sequence[StoryEvent], length: int = 0) -> Checkpoint:
    length = length or len(events)
    return Checkpoint(length=length, sha256=events[length - 1].sha256)


def upgraded(events: Sequence[StoryEvent], key: bytes = KEY) -> list[StoryEvent]:
    links = relinked(events, key)
    return [*links, relinking(events, links, head=head_of(links), key=key, on=DAY)]


BEFORE = link([event(*told) for told in TOLD])
AFTER = upgraded(BEFORE)
WRITTEN = [head_of(BEFORE, length) for length in range(1, len(BEFORE) + 1)]


def faults(events: Sequence[StoryEvent], written: Sequence[Checkpoint] = ()) -> tuple[str, ...]:
    return chain_faults(events, [*WRITTEN, *written], key=KEY)


def test_a_whole_chain_is_whole_and_every_head_written_before_is_known() -> None:
    assert faults(AFTER) == ()
    grown = link([*AFTER, event("r3", EventKind.GIVEN)])
    assert faults(grown, [head_of(AFTER), head_of(grown)]) == ()
    assert AFTER[2].note == f"en email_excerpt {keyed(KEY, FORM)}"
    assert AFTER[-1].told == "the 6 events before it"


@pytest.mark.parametrize("length", range(1, 7))
def test_a_head_that_was_never_written_is_a_fault_at_any_length(length: int) -> None:
    forged = Checkpoint(length=length, sha256=sha256_of("forged"))
    assert chain_faults(AFTER, [forged], key=KEY) == (
        f"event {length} is not the one that was written down",
    )


def test_nothing_left_of_the_chain_confirms_a_guess_of_the_words() -> None:
    """Whoever guesses the form can make every old link again."""
    left = "".join(f"{one.note} {one.previous} {one.sha256} " for one in AFTER)
    assert not [one for one in (FORM, FORM[::-1]) if one in left]
    assert not [one.sha256 for one in BEFORE[2:] if one.sha256[:12] in left]
    assert upgraded(BEFORE, bytes(32))[2:] != AFTER[2:]


@pytest.mark.parametrize("at", range(7))
@pytest.mark.parametrize("value", [{"kind": EventKind.EXPIRED}, {"note": "x"}, {"record_id": "x"}])
def test_an_event_edited_after_the_upgrade_shows(at: int, value: dict[str, str]) -> None:
    edited = [*AFTER[:at], replace(AFTER[at], **value), *AFTER[at + 1 :]]  # type: ignore[arg-type]
    assert faults(edited)
    assert faults(link(edited)), "with all links made again"


@pytest.mark.parametrize("at", range(7))
def test_an_event_removed_after_the_upgrade_shows(at: int) -> None:
    left = [*AFTER[:at], *AFTER[at + 1 :]]
    assert faults(left, [head_of(AFTER)])
    assert faults(link(left)), "with all links made again"


def without_withdrawal(told: StoryEvent) -> list[StoryEvent]:
    return link([*AFTER[:5], told])


FORGERIES: dict[str, Callable[[], list[StoryEvent]]] = {
    "the upgrade's own event, after other links": lambda: without_withdrawal(AFTER[-1]),
    "another one, without the key": lambda: upgraded(link(BEFORE[:5]), b"another key"),
    "its own, cut short": lambda: link(
        [*AFTER[:-1], replace(AFTER[-1], note=AFTER[-1].note[:-16])]
    ),
    "its own, of another length": lambda: link(
        [*AFTER[:-1], replace(AFTER[-1], note=AFTER[-1].note.replace("6 ", "5 ", 1))]
    ),
    "with an old head in clear": lambda: without_withdrawal(
        event("", EventKind.RELINKED, f"6 {BEFORE[-1].sha256} {BEFORE[-1].sha256[:16]}")
    ),
    "with no note": lambda: without_withdrawal(event("", EventKind.RELINKED)),
    "once more at the end": lambda: link([*AFTER, AFTER[-1]]),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_event_of_the_upgrade_shows_and_vouches_for_nothing(forgery: str) -> None:
    found = chain_faults(FORGERIES[forgery](), WRITTEN, key=KEY)
    assert any("was not written by the upgrade" in fault for fault in found)
    if forgery != "once more at the end":
        assert any("written down" in one or "missing" in one for one in found)


def test_with_another_key_nothing_is_vouched_for() -> None:
    found = chain_faults(AFTER, WRITTEN, key=bytes(32))
    assert any("the recognition key was another one then" in fault for fault in found)
    assert chain_faults(AFTER, [head_of(AFTER)], confirmed=head_of(AFTER)) == ()


def edited_before(at: int) -> list[StoryEvent]:
    return [*BEFORE[:at], replace(BEFORE[at], record_id="x"), *BEFORE[at + 1 :]]


@pytest.mark.parametrize("at", range(6))
def test_what_was_edited_before_the_upgrade_is_the_same_fault_after_it(at: int) -> None:
    broken = edited_before(at)
    assert chain_faults(upgraded(broken), [], key=KEY) == chain_faults(broken, []) != ()
    assert faults(upgraded(link(broken))), "all links were made again, but the heads were written"


@pytest.mark.parametrize("at", range(5))
def test_what_was_removed_before_the_upgrade_is_the_same_fault_after_it(at: int) -> None:
    broken = [*BEFORE[:at], *BEFORE[at + 1 :]]
    assert chain_faults(upgraded(broken), [], key=KEY) == chain_faults(broken, []) != ()
    assert faults(upgraded(link(broken)))


@pytest.mark.parametrize("at", range(6))
def test_a_chain_that_was_broken_keeps_no_old_hash_either(at: int) -> None:
    for broken in (edited_before(at), [*BEFORE[:at], *BEFORE[at + 1 :]]):
        left = "".join(f"{one.note} {one.previous} {one.sha256} " for one in upgraded(broken))
        assert not [one for one in (FORM, FORM[::-1]) if one in left]
        assert not [one.sha256 for one in BEFORE[2:] if one.sha256 in left]


@pytest.mark.parametrize("length", range(3, 6))
def test_an_older_database_that_is_upgraded_shows(length: int) -> None:
    older = upgraded(BEFORE[:length])
    assert faults(older) == ("the last events are missing: is this an older database?",)
    grown = link([*AFTER, event("r3", EventKind.GIVEN), event("r4", EventKind.GIVEN)])
    assert chain_faults(AFTER, [head_of(grown)], key=KEY) == (
        "the last events are missing: is this an older database?",
    )
