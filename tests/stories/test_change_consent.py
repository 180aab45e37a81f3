"""Narrowing shortens what is kept; nobody widens a consent alone, nor for longer than the form."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, StoreError, UsageError
from newsletter.model.consent import Channel, Denied
from newsletter.model.submission import Actor, EventKind, SubmissionState
from newsletter.store.stories import SqlStories
from newsletter.stories.consent.change_consent import (
    LONGEST,
    ByCode,
    Narrowing,
    Renewal,
    SignedOff,
    StorytellersYes,
    narrow,
    renew,
)
from newsletter.stories.consent.purge_stories import purge
from newsletter.stories.consent.withdraw import Withdrawn, withdraw_by_id
from newsletter.stories.ports import StoryStore
from newsletter.stories.record.consent_notice import RETENTION_DAYS
from newsletter.stories.record.identifiers import new_code
from newsletter.stories.reviewing.read_back import record_agreement, send_back
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import months_later
from newsletter.stories.taking.questions import questions
from tests.stories.making import TODAY, asked, give_keys, make_services, publish, review, take

KEPT = timedelta(days=RETENTION_DAYS)
SIGNED = SignedOff(key_name="Ana", method="phone")
SOON = TODAY + timedelta(days=5)


def killed(*given: object, **more: object) -> None:
    raise KeyboardInterrupt


def renewed(
    services: StoryServices, story_id: str, wanted: Renewal, yes: StorytellersYes = SIGNED
) -> None:
    renew(services, story_id, wanted, yes=yes, notice=services.notice("en"), today=TODAY)


def test_narrowing_the_end_shortens_how_long_the_sealed_words_are_kept(
    services: StoryServices,
) -> None:
    give_keys(services)
    submitted = take(services)
    narrow(services, submitted.submission_id, Narrowing(until=SOON), today=TODAY)
    assert purge(services, today=SOON + KEPT).erased == ()
    assert purge(services, today=SOON + KEPT + timedelta(1)).erased == (submitted.submission_id,)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    assert (kept.state, kept.sealed.text) == (SubmissionState.ERASED, b"")


def test_a_machine_that_has_only_the_database_counts_from_the_narrowed_day(
    services: StoryServices, tmp_path: Path
) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    narrow(services, story.id, Narrowing(until=SOON), today=TODAY)
    elsewhere = make_services(tmp_path / "server", url=f"sqlite:///{tmp_path}/newsletter.db")
    assert elsewhere.folder.load() == ((), ())
    done = purge(elsewhere, today=SOON + KEPT + timedelta(1))
    assert done.erased == (submitted.submission_id,)


def test_narrowing_takes_any_of_a_storys_ids_and_says_who_did_it(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    web = Narrowing(channels=frozenset({Channel.WEB_ARCHIVE}))
    for any_id in (story.id, story.consent.record_id, submitted.submission_id):
        left = narrow(services, any_id, web, today=TODAY, actor=Actor.STORYTELLER)
        assert left.consent.channels == {Channel.EMAIL_EXCERPT}
        assert services.store.events()[-1].actor is Actor.STORYTELLER
    assert {one.story_id for one in services.consents.revocations()} == {story.id}
    with pytest.raises(UsageError, match="no story"):
        narrow(services, "nobody", web, today=TODAY)


def test_nobody_renews_without_the_storytellers_yes(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)
    before = (services.folder.folder / f"{story.id}.md").read_text()
    for yes in (
        ByCode(code=new_code()),
        ByCode(code=""),
        SignedOff(key_name="Nobody", method="phone"),
        SignedOff(key_name="", method="phone"),
    ):
        with pytest.raises(AttentionError):
            renewed(services, story.id, Renewal(until=SOON), yes)
    assert (services.folder.folder / f"{story.id}.md").read_text() == before
    assert EventKind.RENEWED not in {event.kind for event in services.store.events()}


def test_no_consent_lasts_longer_than_the_form_offers(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    latest = months_later(TODAY, LONGEST)
    assert max(int(value) for value, _ in questions(("en",))["months"].choices) == LONGEST
    for yes in (SIGNED, ByCode(code=submitted.receipt.code)):
        with pytest.raises(UsageError, match=f"until {latest}"):
            renewed(services, story.id, Renewal(until=latest + timedelta(1)), yes)
        with pytest.raises(UsageError, match="future"):
            renewed(services, story.id, Renewal(until=TODAY), yes)
    renewed(services, story.id, Renewal(until=latest))


def test_what_an_editor_signs_for_is_unusable_until_the_exact_words_are_agreed_to(
    services: StoryServices,
) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)
    wanted = Renewal(until=SOON, channels=frozenset({Channel.PRESS, Channel.SOCIAL}))
    renewed(services, story.id, wanted)
    for channel in Channel:
        assert isinstance(asked(services, story.id, channel=channel), Denied)
    record_agreement(services, story.id, language="en", method="read aloud", today=TODAY)
    assert not isinstance(asked(services, story.id, channel=Channel.PRESS), Denied)


def test_a_new_consent_ends_on_its_own_day_and_not_on_one_the_old_was_cut_to(
    services: StoryServices,
) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)
    narrow(services, story.id, Narrowing(until=SOON), today=TODAY)
    until, notice = months_later(TODAY, 6), services.notice("en")
    new = renew(services, story.id, Renewal(until=until), yes=SIGNED, notice=notice, today=TODAY)
    assert new.consent.last_day == services.story(story.id).consent.last_day == until


def test_who_signed_stands_in_the_log_before_the_consent_and_only_as_an_opening(
    services: StoryServices,
) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    renewed(services, story.id, Renewal(until=SOON, languages=frozenset({"es"})))
    opened, widened = services.store.events()[-2:]
    assert (opened.kind, opened.note) == (EventKind.OPENED, "Ana")
    assert (widened.kind, widened.actor) == (EventKind.WIDENED, Actor.EDITOR)
    assert "Ana" not in widened.note
    renewed(services, story.id, Renewal(until=SOON), ByCode(code=submitted.receipt.code.lower()))
    last = services.store.events()[-1]
    assert (last.kind, last.actor) == (EventKind.RENEWED, Actor.STORYTELLER)
    assert submitted.receipt.code not in repr(ByCode(code=submitted.receipt.code))


def test_a_renewal_killed_at_the_file_left_its_trace_and_no_wider_consent(
    services: StoryServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)

    with monkeypatch.context() as patched:
        patched.setattr(type(services.files), "write", killed)
        with pytest.raises(KeyboardInterrupt):
            renewed(services, story.id, Renewal(until=SOON, channels=frozenset({Channel.PRESS})))
    assert services.store.events()[-1].kind is EventKind.WIDENED
    assert services.story(story.id).consent == story.consent


def test_the_sealed_words_of_a_renewed_story_go_when_it_is_withdrawn_by_its_id(
    services: StoryServices,
) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    renewed(services, story.id, Renewal(until=SOON))
    done = withdraw_by_id(services, story.id, today=TODAY)
    assert isinstance(done, Withdrawn)
    kept = services.store.get(submitted.submission_id)
    assert kept is not None
    assert kept.sealed.text == b""


def test_a_renewed_story_keeps_its_sealed_words_as_long_as_itself(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)
    until = months_later(TODAY, LONGEST)
    renewed(services, story.id, Renewal(until=until))
    first_end: date = story.consent.expires_on
    assert purge(services, today=first_end + KEPT + timedelta(1)).erased == ()
    assert purge(services, today=until + KEPT + timedelta(1)).erased != ()


def test_a_story_renewed_elsewhere_is_kept_as_long_where_only_the_database_is(
    services: StoryServices, tmp_path: Path
) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    until = months_later(TODAY, LONGEST)
    renewed(services, story.id, Renewal(until=until))
    elsewhere = make_services(tmp_path / "server", url=f"sqlite:///{tmp_path}/newsletter.db")
    first_end: date = story.consent.expires_on
    assert purge(elsewhere, today=first_end + KEPT + timedelta(1)).erased == ()
    done = purge(elsewhere, today=until + KEPT + timedelta(1))
    assert done.erased == (submitted.submission_id,)


def test_a_storyteller_who_limits_is_not_refused_while_the_record_is_in_doubt(
    services: StoryServices,
) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    chain = services.folder.folder / "chain.txt"
    chain.write_text(f"{chain.read_text()}99 {'0' * 64}\n")
    with pytest.raises(AttentionError, match="cannot be trusted"):
        services.consents.revocations()
    web = Narrowing(channels=frozenset({Channel.WEB_ARCHIVE}), until=SOON)
    for any_id in (story.id, submitted.submission_id):
        done = narrow(services, any_id, web, today=TODAY)
        assert done.left_to_do == ()
        assert done.consent.channels == {Channel.EMAIL_EXCERPT}
        assert done.consent.last_day == SOON
    assert all(stop.channels for stop in services.revocation_file.read())
    assert [event.kind for event in services.store.events()][-1] is EventKind.NARROWED


def test_narrowing_needs_no_database_where_the_storys_file_lies(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)

    def away() -> StoryStore:
        raise StoreError("the database is away")

    web = Narrowing(channels=frozenset({Channel.WEB_ARCHIVE}))
    alone = replace(services, open_store=away)
    narrow(services, story.id, Narrowing(name=True), today=TODAY)
    done = narrow(alone, story.id, web, today=TODAY)
    assert done.consent.channels == {Channel.EMAIL_EXCERPT}
    assert done.consent.attribution_words == "", "what was taken back before is said too"
    assert "purge" in done.left_to_do[0]
    with pytest.raises(StoreError):
        narrow(alone, "nobody", web, today=TODAY)
    assert isinstance(asked(services, story.id, channel=Channel.WEB_ARCHIVE), Denied)
    purge(services, today=TODAY)
    assert services.store.revocations()[-1].channels == {Channel.WEB_ARCHIVE}


def test_a_slip_of_the_pen_does_not_look_like_a_limit(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)
    with pytest.raises(UsageError, match="no language spanish"):
        narrow(services, story.id, Narrowing(languages=frozenset({"spanish"})), today=TODAY)
    done = narrow(services, story.id, Narrowing(languages=frozenset({"EN"})), today=TODAY)
    assert done.consent.languages == frozenset()


@pytest.mark.parametrize(
    ("was", "by_hand"),
    [
        ("channels: [email_excerpt, web_archive]", "channels: [email_excerpt, press, web_archive]"),
        ("languages: [en]", "languages: [en, es]"),
        ("expires_on: {end}", "expires_on: 2036-01-01"),
        ("picture: no_face", "picture: face"),
        ("edits: shorten", "edits: full"),
        ("edits: shorten", "edits: shorten\n  reuse_by: [harbor]"),
        ("record_id: {record}", "record_id: abcdefgh12345678"),
    ],
)
def test_a_consent_widened_by_hand_in_the_file_takes_no_yes_and_no_renewal(
    services: StoryServices, was: str, by_hand: str
) -> None:
    ana, _ = give_keys(services)
    _, story = publish(services, ana)
    file = services.folder.folder / f"{story.id}.md"
    was = was.format(end=story.consent.expires_on, record=story.consent.record_id)
    assert was in file.read_text()
    file.write_text(file.read_text().replace(was, by_hand))
    for ask in (
        lambda: send_back(services, story.id, language="en", today=TODAY),
        lambda: record_agreement(
            services, story.id, language="en", method="read aloud", today=TODAY
        ),
        lambda: renewed(services, story.id, Renewal(until=SOON)),
    ):
        with pytest.raises(AttentionError, match=r"the file (allows|names)"):
            ask()


def test_a_childs_story_made_a_grown_ups_by_hand_takes_no_yes(services: StoryServices) -> None:
    ana, _ = give_keys(services)
    both = {"is_minor": "yes", "guardian_consent": "yes", "child_assent": "yes"}
    story = review(services, take(services, both), ana)
    file = services.folder.folder / f"{story.id}.md"
    assert "is_minor: true" in file.read_text()
    file.write_text(file.read_text().replace("is_minor: true", "is_minor: false"))
    with pytest.raises(AttentionError, match="minor"):
        send_back(services, story.id, language="en", today=TODAY)


def test_a_renewal_killed_at_the_row_can_be_done_again(
    services: StoryServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, _ = give_keys(services)
    submitted, story = publish(services, ana)
    with monkeypatch.context() as patch:
        patch.setattr(SqlStories, "change", killed)
        with pytest.raises(KeyboardInterrupt):
            renewed(services, story.id, Renewal(until=SOON))
    renewed(services, story.id, Renewal(until=SOON + timedelta(1)))
    row = services.store.get(submitted.submission_id)
    assert row is not None
    assert row.sealed.text
    assert row.consent.record_id == services.story(story.id).consent.record_id
