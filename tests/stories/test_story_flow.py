"""A story's whole way: taken, reviewed, read back, used, narrowed, renewed, withdrawn, purged."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, ConfigError, UsageError
from newsletter.files import WorkspaceFiles
from newsletter.model.consent import Allowed, Channel, ConsentState, Denied, ThirdParty
from newsletter.model.submission import EventKind, SubmissionState
from newsletter.stories.consent.change_consent import Narrowing, Renewal, SignedOff, narrow, renew
from newsletter.stories.consent.go_on import go_on
from newsletter.stories.consent.purge_stories import purge
from newsletter.stories.consent.story_log import read_log
from newsletter.stories.consent.withdraw import (
    NotKnown,
    Withdrawn,
    withdraw_by_code,
    withdraw_by_id,
)
from newsletter.stories.keys.rotate import rotate, try_key
from newsletter.stories.keys.vault import unseal
from newsletter.stories.record import document
from newsletter.stories.record.checkpoint_file import CheckpointFile
from newsletter.stories.record.document import read
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.identifiers import new_code
from newsletter.stories.record.pictures import PictureError
from newsletter.stories.reviewing.read_back import record_agreement, send_back
from newsletter.stories.reviewing.replacing import Choice
from newsletter.stories.reviewing.review_edited import edited_session, write_reviewed
from newsletter.stories.reviewing.review_story import (
    PictureDecision,
    make_publishable,
    open_submission,
    refuse,
)
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.record_notice import record_notice
from newsletter.stories.taking.submit import submit
from tests.stories.keys import KEY
from tests.stories.making import (
    NAME,
    PHONE,
    TEXT,
    TODAY,
    asked,
    decided,
    give_keys,
    make_intake,
    make_services,
    picture,
    publish,
    review,
    take,
)


def test_a_story_goes_from_intake_to_use(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    assert isinstance(asked(services, story.id), Allowed)
    text = story.text_in("en")
    assert text is not None
    assert NAME not in text.body
    assert "cleaned offices at night" in text.body
    assert story.consent.attribution_words == "Marisol"
    assert story.consent.channels == {Channel.EMAIL_EXCERPT, Channel.WEB_ARCHIVE}
    assert story.consent.receipt_hash == submitted.receipt.consent.receipt_hash
    kinds = [event.kind for event in services.store.events()]
    taken = [EventKind.REQUESTED, EventKind.GIVEN]
    assert kinds[2:] == [*taken, EventKind.OPENED, EventKind.AGREED, EventKind.AGREED]


def test_what_was_decided_is_kept_sealed(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted, _ = publish(services, pair)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    notes = unseal(kept.sealed.notes, pair.secret)
    assert any(NAME in decision["words"] for decision in notes["decisions"])
    assert unseal(kept.sealed.text, pair.secret)["contact"] == PHONE


def test_undecided_details_write_nothing(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted = take(services)
    opened = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    with pytest.raises(AttentionError, match="undecided"):
        make_publishable(services, opened, opened.session())
    assert services.folder.load() == ((), ())
    again = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    assert again.submission.state is SubmissionState.WAITING


def test_removed_details_leave_no_holes(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    text = "We met, Yesenia, at the door. Call 323 555 0147 !"
    submitted = take(services, {"text": text, "use_email_full": "yes"})
    opened = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    removed = decided(opened.session(), Choice.REMOVE)
    story = make_publishable(services, opened, removed)
    assert story.texts[0].body == "We met, at the door. Call!"


def test_words_that_look_like_the_files_own_stay_words(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted = take(services, {"text": "We asked.\n# we waited {es}\n---\nwe left.", "title": ""})
    opened = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    kept = decided(opened.session(title="A day"), Choice.KEEP, "x")
    story = make_publishable(services, opened, kept)
    assert [text.language for text in story.texts] == ["en"]
    assert services.folder.load()[1] == ()


def test_a_picture_needs_every_check_and_comes_out_rebuilt(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted = take(services, picture=picture())
    opened = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    decisions = decided(opened.session(), Choice.REMOVE)
    careless = PictureDecision(alt="hands", checked=frozenset({"faces"}))
    with pytest.raises(AttentionError, match="not checked for"):
        make_publishable(services, opened, decisions, picture=careless)
    assert services.folder.load() == ((), ())
    story = review(services, submitted, pair, with_picture=True)
    assert story.picture is not None
    assert (services.folder.folder / story.picture.path).read_bytes().startswith(b"\xff\xd8")
    withdraw_by_id(services, story.id, today=TODAY)
    assert not (services.folder.folder / story.picture.path).exists()


def test_nothing_is_kept_of_a_story_whose_picture_is_bad(services: StoryServices) -> None:
    give_keys(services)
    with pytest.raises(PictureError):
        take(services, picture=b"GIF89a nonsense")
    assert services.store.all() == ()
    assert {event.kind for event in services.store.events()} == {EventKind.KEY_ADDED}


def test_nothing_is_taken_without_two_keys(services: StoryServices) -> None:
    with pytest.raises(ConfigError, match="at least two keys"):
        take(services)
    give_keys(services, "Ana")
    with pytest.raises(ConfigError, match="at least two keys"):
        take(services)
    assert services.store.all() == ()


def test_withdrawing_by_code_needs_nothing_else(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    done = withdraw_by_code(services, submitted.receipt.code.lower().replace("-", " "), today=TODAY)
    assert isinstance(done, Withdrawn)
    assert (done.story_id, done.record_id) == (story.id, story.consent.record_id)
    assert isinstance(asked(services, story.id), Denied)
    assert services.folder.load() == ((), ())
    (stop,) = services.revocation_file.read()
    assert (stop.given, stop.fingerprints != ()) == (story.consent.valid_from, True)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    assert kept.state is SubmissionState.WITHDRAWN
    assert kept.sealed.text == kept.sealed.picture == kept.sealed.notes == b""
    assert kept.consent.receipt_hash == ""
    assert withdraw_by_code(services, submitted.receipt.code, today=TODAY) == NotKnown()


def test_a_submission_nobody_reviewed_leaves_nothing_to_know_its_words_by(
    services: StoryServices,
) -> None:
    give_keys(services)
    submitted = take(services)
    gone = withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    assert isinstance(gone, Withdrawn)
    assert gone.revocation.fingerprints == ()
    assert gone.revocation.before == ()
    again = submit(
        services,
        make_intake(text=TEXT.upper()),
        notice=services.notice("en"),
        method="file",
        today=TODAY,
    )
    assert again.submission_id != submitted.submission_id


def test_a_form_sent_twice_is_kept_once_with_its_picture(services: StoryServices) -> None:
    give_keys(services)
    before = len(services.store.events())

    def send(once: bytes, text: str = TEXT, image: bytes = b"") -> str:
        done = submit(
            services,
            make_intake(text=text),
            picture=image,
            notice=services.notice("en"),
            method="web",
            once=once,
            today=TODAY,
        )
        return done.receipt.code

    assert send(b"1" * 32) == send(b"1" * 32)
    assert len(services.store.all()) == 1
    assert len(services.store.events()) == before + 2
    others = (send(b"2" * 32), send(b"1" * 32, text="Another."), send(b"1" * 32, image=picture()))
    assert len({send(b"1" * 32), *others}) == 4  # what differs is another story: nothing is dropped
    assert len(services.store.all()) == 4


def test_a_reviewed_story_that_was_withdrawn_is_known_when_it_is_reviewed_again(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    submitted, _ = publish(services, pair)
    withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    with pytest.raises(AttentionError, match="withdrawn and cannot come back"):
        review(services, take(services), pair)


def test_a_code_withdraws_even_when_the_database_lost_the_story(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    bare = make_services(tmp_path, url="sqlite:///empty.db")
    assert isinstance(withdraw_by_code(bare, submitted.receipt.code, today=TODAY), Withdrawn)
    assert services.revocation_file.read()
    with pytest.raises(AttentionError, match="cannot be trusted"):
        asked(services, story.id)


def test_a_wrong_code_makes_nobody_compare_any_storys_words(
    services: StoryServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    narrow(services, story.id, Narrowing(until=TODAY + timedelta(5)), today=TODAY)
    before = services.consents.stories()
    compared: list[object] = []
    monkeypatch.setattr(services.folder.recognizer, "apply_revocations", compared.append)
    assert isinstance(withdraw_by_code(services, new_code(), today=TODAY), NotKnown)
    assert services.consents.stories() is before, "and what was compared before is still known"
    assert compared == []


def test_an_unknown_code_changes_nothing(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    for code in ("", "hello", "7GQK-2M9X-0TRV-3H8DW", "0000-0000-0000-00000"):
        assert withdraw_by_code(services, code, today=TODAY) == NotKnown()
    assert isinstance(asked(services, story.id), Allowed)


def test_a_story_withdrawn_while_it_is_reviewed_is_not_written(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted = take(services)
    opened = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    decisions = decided(opened.session(), Choice.REMOVE)
    with pytest.raises(AttentionError):
        make_publishable(services, opened, decisions)
    assert services.folder.load() == ((), ())


def test_a_review_killed_after_its_file_was_written_leaves_one_story_when_it_is_done_again(
    services: StoryServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = give_keys(services)[0]
    submitted = take(services)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(services.store, "change", killed)
        with pytest.raises(KeyboardInterrupt):
            review(services, submitted, pair)
    (left,) = services.folder.as_written()
    story = review(services, submitted, pair)
    assert [one.id for one in services.folder.as_written()] == [story.id] == [left.id]


def test_an_edit_voids_the_review_and_the_yes_until_both_are_done_again(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    path = services.folder.folder / f"{story.id}.md"
    path.write_text(path.read_text().replace("cleaned", "washed"))
    assert isinstance(asked(services, story.id), Denied)
    with pytest.raises(AttentionError, match="changed since the review"):
        send_back(services, story.id, language="en", today=TODAY)
    edited = services.story(story.id)
    write_reviewed(services, edited, decided(edited_session(edited), Choice.KEEP, "x"))
    denied = asked(services, story.id)
    assert isinstance(denied, Denied)
    assert "not agreed to this text" in denied.reason
    record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    assert isinstance(asked(services, story.id), Allowed)


def test_a_detail_that_came_in_with_an_edit_can_be_taken_out(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    path = services.folder.folder / f"{story.id}.md"
    path.write_text(path.read_text().replace("The clinic", "Doctor Abarca's clinic"))
    edited = services.story(story.id)
    out = decided(edited_session(edited), Choice.REMOVE)
    assert "Abarca" not in write_reviewed(services, edited, out).texts[0].body


def test_the_text_for_the_storyteller_has_the_words_the_name_and_the_places(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    story = review(services, take(services), pair)
    back = send_back(services, story.id, language="en", today=TODAY)
    assert story.texts[0].body in back.text
    assert "Name: Marisol" in back.text
    assert "– our website" in back.text
    assert "journalists" not in back.text
    with pytest.raises(AttentionError, match="no es text"):
        send_back(services, story.id, language="es", today=TODAY)


def test_a_yes_cannot_widen_the_consent(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    story = review(services, take(services), pair)
    with pytest.raises(AttentionError, match="no consent for press"):
        record_agreement(
            services,
            story.id,
            language="en",
            channels={Channel.PRESS},
            method="shown",
            today=TODAY,
        )


def test_narrowing_holds_at_once_and_in_a_file_put_back(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    before = (services.folder.folder / f"{story.id}.md").read_text()
    left = narrow(
        services, story.id, Narrowing(channels=frozenset({Channel.EMAIL_EXCERPT})), today=TODAY
    )
    assert left.consent.channels == {Channel.WEB_ARCHIVE}
    (services.folder.folder / f"{story.id}.md").write_text(before)
    assert isinstance(asked(services, story.id), Denied)
    narrow(services, story.id, Narrowing(until=TODAY + timedelta(5)), today=TODAY)
    assert services.story(story.id).consent.last_day == TODAY + timedelta(5)
    with pytest.raises(UsageError):
        narrow(services, story.id, Narrowing(), today=TODAY)


def test_a_name_taken_back_must_leave_the_file_before_the_next_yes(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    narrow(services, story.id, Narrowing(name=True), today=TODAY)
    assert isinstance(asked(services, story.id), Denied)
    with pytest.raises(AttentionError, match="taken back"):
        record_agreement(services, story.id, language="en", method="shown", today=TODAY)


def test_a_renewed_consent_is_a_new_record_and_needs_a_new_yes(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    narrow(services, story.id, Narrowing(channels=frozenset({Channel.WEB_ARCHIVE})), today=TODAY)
    until = date(2028, 6, 1)
    done = renew(
        services,
        story.id,
        Renewal(until=until, channels=frozenset({Channel.SOCIAL})),
        yes=SignedOff(key_name="Ana", method="phone"),
        notice=services.notice("en"),
        today=TODAY,
    )
    assert done.consent.record_id != story.consent.record_id
    assert done.consent.channels == {Channel.EMAIL_EXCERPT, Channel.SOCIAL}
    assert isinstance(asked(services, story.id, on=date(2028, 1, 1)), Denied)
    record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    assert asked(services, story.id, on=date(2028, 1, 1)) == Allowed(until=until)
    assert services.store.events()[-3].kind is EventKind.WIDENED
    withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    assert isinstance(asked(services, story.id, on=date(2028, 1, 1)), Denied)


def test_refusing_a_submission_empties_it(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted = take(services)
    refuse(services, submitted.submission_id, today=TODAY)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    assert kept.sealed.text == b""
    with pytest.raises(AttentionError, match="refused"):
        open_submission(services, submitted.submission_id, pair.secret, today=TODAY)


def test_purging_waits_for_the_promised_time_and_then_needs_no_key(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    (services.folder.folder / "recipients.txt").unlink()
    kept_until = story.consent.expires_on + timedelta(90)
    assert purge(services, today=kept_until).erased == ()
    later = kept_until + timedelta(1)
    assert purge(services, today=later, dry_run=True).erased == (submitted.submission_id,)
    done = purge(services, today=later)
    assert done.erased == (submitted.submission_id,)
    assert done.files == (story.path,)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    assert kept.state is SubmissionState.ERASED
    assert purge(services, today=later).erased == ()


def test_a_story_withdrawn_on_a_machine_without_its_file_is_remembered_where_it_lies(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair)
    server = tmp_path / "server"
    server.mkdir()
    elsewhere = replace(
        services,
        files=WorkspaceFiles(server),
        folder=StoryFolder(server, key=KEY),
        checkpoints=CheckpointFile(server / "chain.txt"),
    )
    assert isinstance(withdraw_by_code(elsewhere, submitted.receipt.code, today=TODAY), Withdrawn)
    assert isinstance(asked(services, story.id), Denied)
    assert purge(services, today=TODAY).files == (story.path,)
    withdrawals = services.consents.revocations()
    words = story.texts[0].body
    assert services.folder.recognizer.find_withdrawal(words, withdrawals) is not None
    events = services.store.events()
    purge(services, today=TODAY)
    assert services.store.events() == events


def test_others_in_the_story_must_be_settled(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    submitted = take(services, {"others": "my sister Flor, I have not asked her"})
    opened = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    decisions = decided(opened.session(), Choice.REMOVE)
    decisions = decisions.settle([ThirdParty(role="sister", settled="open")])
    story = make_publishable(services, opened, decisions)
    with pytest.raises(AttentionError, match="sister"):
        record_agreement(services, story.id, language="en", method="shown", today=TODAY)


def test_rotation_leaves_out_a_removed_key_and_says_who_remains(services: StoryServices) -> None:
    ana, ben, recovery = give_keys(services, "Ana", "Ben", "recovery")
    submitted = take(services, picture=picture())
    done = rotate(services.files, services.store, ana.secret, removed=["Ben"], today=TODAY)
    assert done.resealed == 1
    assert [one.name for one in done.recipients] == ["Ana", "recovery"]
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    for sealed in (kept.sealed.text, kept.sealed.picture):
        with pytest.raises(AttentionError):
            unseal(sealed, ben.secret)
        assert unseal(sealed, ana.secret) == unseal(sealed, recovery.secret)
    with pytest.raises(ConfigError, match="at least two"):
        rotate(services.files, services.store, ana.secret, removed=["Ana"], today=TODAY)
    assert len(services.recipients()) == 2
    assert try_key(services.files, services.store, ana.secret, today=TODAY).opened == 1


def test_the_log_shows_a_database_put_back_to_yesterday(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    submitted, _ = publish(services, pair)
    yesterday = (tmp_path / "newsletter.db").read_bytes()
    assert read_log(services).faults == ()
    withdraw_by_code(services, submitted.receipt.code, today=TODAY)
    assert read_log(services).faults == ()
    restored = tmp_path / "restored.db"
    restored.write_bytes(yesterday)
    back = make_services(tmp_path, url="sqlite:///restored.db")
    faults = read_log(back).faults
    assert any("missing" in fault for fault in faults)
    assert any("withdrawals are not in the database" in fault for fault in faults)
    assert purge(back, today=TODAY).withdrawn_again == (submitted.submission_id,)
    kept = back.store.get(submitted.submission_id)
    assert kept is not None
    assert kept.sealed.text == b""


@pytest.mark.parametrize("from_end", [0, 4])
def test_an_edited_event_stops_every_story_and_shows_in_the_log_for_good(
    services: StoryServices, tmp_path: Path, from_end: int
) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    number = len(services.store.events()) - from_end
    database = sqlite3.connect(tmp_path / "newsletter.db")
    with database:
        database.execute(f"UPDATE story_events SET on_day = '2020-01-01' WHERE number = {number}")
    database.close()
    later = make_services(tmp_path)
    with pytest.raises(AttentionError, match=f"event {number} was edited"):
        asked(later, story.id)
    go_on(later, today=TODAY)  # a person takes the record as it is
    assert isinstance(asked(later, story.id), Allowed)
    assert f"event {number} was edited" in read_log(later).faults


def test_a_story_whose_consent_expired_is_listed_so(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    later = story.consent.expires_on + timedelta(1)
    assert services.story(story.id).consent.state(later) is ConsentState.EXPIRED
    assert isinstance(asked(services, story.id, on=later), Denied)
    written = (services.folder.folder / f"{story.id}.md").read_text()
    longer = read(written, file="x")
    assert replace(longer, path=story.path).consent == story.consent


@pytest.mark.parametrize("is_reviewed", [False, True])
def test_a_consent_begins_on_the_day_its_giver_got_to_know_the_notice(
    services: StoryServices, is_reviewed: bool
) -> None:
    pair, _ = give_keys(services)
    notice, later = services.notice("en"), TODAY + timedelta(5)
    submitted = submit(
        services, make_intake(), notice=notice, method="email", shown="", today=TODAY
    )
    story = review(services, submitted, pair) if is_reviewed else None
    wanted = story.id if story else submitted.submission_id
    given = record_notice(services, wanted, notice=notice, how="sent", today=later)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    assert (given.valid_from, kept.consent.valid_from) == (later, later)
    if story:
        assert services.story(story.id).consent.valid_from == later


def test_who_said_yes_before_is_told_so_though_that_yes_counts_no_more(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    story = review(services, take(services), pair)
    first = send_back(services, story.id, language="en", today=TODAY).text
    assert "Nothing has been published yet" in first
    record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    file = services.folder.folder / f"{story.id}.md"
    struck = replace(read(file.read_text(), file=story.path), read_backs=())
    for written in (file.read_text(), document.write(struck)):
        file.write_text(written)
        again = send_back(services, story.id, language="en", today=TODAY).text
        assert "You said yes to a text of this story before" in again
