"""Who can open stories and who did is in the log: each key, each opening, whoever edits files."""

from dataclasses import replace

import pytest

from newsletter.errors import UsageError
from newsletter.model.submission import Actor, EventKind, StoryEvent
from newsletter.stories.consent.story_log import read_log
from newsletter.stories.keys import rotate as rotating
from newsletter.stories.keys.identity import new_pair
from newsletter.stories.keys.key_log import NOT_LISTED, key_faults, key_name
from newsletter.stories.keys.recipients import FILE, Recipient, as_text
from newsletter.stories.keys.rotate import add_key, rotate, try_key
from newsletter.stories.services import StoryServices
from tests.stories.making import TODAY, give_keys, take


def named(services: StoryServices, kind: EventKind) -> list[str]:
    return [event.note for event in services.store.events() if event.kind is kind]


def test_each_added_and_removed_key_is_an_event_with_its_name(services: StoryServices) -> None:
    ana, ben, _ = give_keys(services, "Ana", "Ben", "recovery")
    assert named(services, EventKind.KEY_ADDED) == ["Ana", "Ben", "recovery"]
    rotate(services.files, services.store, ana.secret, removed=["Ben"], today=TODAY)
    (removed,) = (e for e in services.store.events() if e.kind is EventKind.KEY_REMOVED)
    assert (removed.record_id, removed.note) == (ben.public, "Ben")
    assert read_log(services).faults == ()


def test_each_opening_by_rotate_and_by_the_key_test_is_an_event_with_a_name(
    services: StoryServices,
) -> None:
    ana, _ = give_keys(services)
    submitted = take(services)
    try_key(services.files, services.store, ana.secret, today=TODAY)
    rotate(services.files, services.store, ana.secret, today=TODAY)
    assert named(services, EventKind.OPENED) == ["Ana", "Ana"]
    opened = [e for e in services.store.events() if e.kind is EventKind.OPENED]
    record = services.store.get(submitted.submission_id)
    assert record is not None
    assert {event.record_id for event in opened} == {record.consent.record_id}


def test_an_opening_that_was_killed_left_its_trace(
    services: StoryServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = give_keys(services)
    take(services)

    def killed(*given: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(rotating, "reseal", killed)
    with pytest.raises(KeyboardInterrupt):
        rotate(services.files, services.store, ana.secret, today=TODAY)
    assert named(services, EventKind.OPENED) == ["Ana"]


def test_a_key_written_into_the_file_by_hand_is_noticed(services: StoryServices) -> None:
    give_keys(services)
    thief = Recipient(key=new_pair().public, name="Thief")
    services.files.write(FILE, as_text((*services.recipients(), thief)))
    (fault,) = read_log(services).faults
    assert "'Thief'" in fault
    add_key(services.files, services.store, thief, today=TODAY)  # an editor knows whose it is
    assert read_log(services).faults == ()
    assert [one.name for one in services.recipients()].count("Thief") == 1


def test_a_key_put_in_place_of_another_under_its_name_is_noticed(services: StoryServices) -> None:
    give_keys(services)
    ana, recovery = services.recipients()
    services.files.write(FILE, as_text((replace(ana, key=new_pair().public), recovery)))
    assert len(read_log(services).faults) == 2  # one came, one is gone


def test_a_key_taken_out_of_the_file_by_hand_is_noticed(services: StoryServices) -> None:
    ana, *_ = give_keys(services, "Ana", "Ben", "recovery")
    listed = services.recipients()
    services.files.write(FILE, as_text((listed[0], listed[2])))
    (fault,) = read_log(services).faults
    assert "'Ben'" in fault
    rotate(services.files, services.store, ana.secret, removed=["Ben"], today=TODAY)
    assert read_log(services).faults == ()


def test_a_key_whose_adding_was_killed_after_the_log_is_added_by_running_it_again(
    services: StoryServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_keys(services)
    cy = Recipient(key=new_pair().public, name="Cy")

    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rotating, "write_recipients", killed)
        with pytest.raises(KeyboardInterrupt):
            add_key(services.files, services.store, cy, today=TODAY)
    assert len(read_log(services).faults) == 1
    add_key(services.files, services.store, cy, today=TODAY)
    assert named(services, EventKind.KEY_ADDED).count("Cy") == 1
    assert read_log(services).faults == ()
    with pytest.raises(UsageError, match="already"):
        add_key(services.files, services.store, cy, today=TODAY)
    with pytest.raises(UsageError, match="named 'Cy'"):
        add_key(services.files, services.store, replace(cy, key=new_pair().public), today=TODAY)


def test_a_name_is_the_one_beside_the_public_key() -> None:
    pair = new_pair()
    listed = [Recipient(key=pair.public, name="Ana")]
    assert key_name(listed, pair.secret) == "Ana"
    assert key_name(listed, new_pair().secret) == NOT_LISTED
    assert pair.secret not in "".join(key_faults((), listed))


def test_only_openings_and_keys_carry_names(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    take(services)
    rotate(services.files, services.store, ana.secret, today=TODAY)
    kinds = {EventKind.OPENED, EventKind.KEY_ADDED, EventKind.KEY_REMOVED}

    def has_name(event: StoryEvent) -> bool:
        return "Ana" in event.note or event.actor not in set(Actor)

    assert {event.kind for event in services.store.events() if has_name(event)} <= kinds
