"""What a consent answers, and what is left of it when something is taken back."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from newsletter.model.consent import (
    Allowed,
    Attribution,
    Channel,
    Consent,
    ConsentState,
    Denied,
    Edits,
    PictureConsent,
    Revocation,
    ThirdParty,
)
from newsletter.model.story import Review, Story, StoryPicture
from tests.stories.conftest import ENDS, GIVEN, agreed

DAY = date(2026, 11, 23)


def ask(story: Story, channel: Channel = Channel.EMAIL_EXCERPT, on: date = DAY) -> Allowed | Denied:
    return story.answer(channel=channel, language="en", on=on)


def test_an_agreed_story_is_allowed_until_its_consent_ends(story: Story) -> None:
    assert ask(story) == Allowed(until=ENDS)


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (Revocation(record_id="8k2v5n0q4d", on=DAY, withdrawn=True), "withdrawn"),
        (Revocation(record_id="other", story_id="m4rq7tz2xd", on=DAY, withdrawn=True), "withdrawn"),
        (
            Revocation(record_id="8k2v5n0q4d", on=DAY, channels=frozenset({Channel.EMAIL_EXCERPT})),
            "no consent for email excerpt",
        ),
        (Revocation(record_id="8k2v5n0q4d", on=DAY, languages=frozenset({"en"})), "language en"),
        (Revocation(record_id="8k2v5n0q4d", on=DAY, until=DAY - timedelta(1)), "consent ended"),
        (Revocation(record_id="8k2v5n0q4d", on=DAY, name=True), "not agreed to this text"),
    ],
)
def test_what_was_taken_back_is_denied_at_once(story: Story, stop: Revocation, reason: str) -> None:
    answer = ask(story.after([stop]))
    assert isinstance(answer, Denied)
    assert reason in answer.reason


def test_nothing_is_used_before_the_consent_starts_nor_before_the_day_of_the_yes(
    story: Story,
) -> None:
    early = ask(agreed(story, on=GIVEN - timedelta(1)), on=GIVEN - timedelta(1))
    assert isinstance(early, Denied)
    assert "starts" in early.reason
    assert isinstance(ask(story, on=GIVEN), Allowed)
    later = agreed(story, on=DAY)
    assert isinstance(ask(later, on=DAY - timedelta(1)), Denied)
    assert isinstance(ask(later, on=DAY), Allowed)


@pytest.mark.parametrize("method", ["email", "file"])
def test_what_was_mailed_is_no_consent_before_the_notice_was_shown(
    story: Story, method: str
) -> None:
    def told(**changes: str) -> Allowed | Denied:
        return ask(agreed(replace(story, consent=replace(story.consent, **changes))))  # type: ignore[arg-type]

    assert isinstance(told(method=method), Denied)
    assert isinstance(told(method=method, notice_shown="sent"), Allowed)
    assert isinstance(told(method=method, notice_shown="sent", notice_id=""), Denied)
    assert isinstance(told(notice_id=""), Denied)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"channels": frozenset(Channel)}, "press"),
        ({"languages": frozenset({"en", "es", "ar"})}, "the language ar"),
        ({"expires_on": ENDS + timedelta(1)}, "until"),
        ({"picture": PictureConsent.FACE}, "the picture"),
        ({"edits": Edits.FULL}, "edits"),
        ({"is_minor": False}, "minor"),
        ({"guardian_consent": True}, "minor"),
        ({"child_assent": True}, "minor"),
    ],
)
def test_whatever_a_file_allows_beyond_what_was_given_is_named(
    story: Story, more: dict[str, object], said: str
) -> None:
    given = replace(story.consent, is_minor=True)
    beyond = replace(given, **more).beyond(given)  # type: ignore[arg-type]
    assert len([words for words in beyond if said in words]) >= 1
    assert given.beyond(given) == ()


def test_each_new_place_language_or_reprint_is_more(story: Story) -> None:
    def more(**changes: frozenset[str]) -> Consent:
        return replace(story.consent, **changes)  # type: ignore[arg-type]

    for wider in (
        more(channels=frozenset(Channel)),
        more(languages=frozenset({"en", "es", "ar"})),
        more(reuse_by=frozenset({"harbor"})),
    ):
        assert wider.gives_more_than(story.consent)
        assert not story.consent.gives_more_than(wider)


def test_a_stop_of_another_record_changes_nothing(story: Story) -> None:
    assert story.after([Revocation(record_id="other", on=DAY, withdrawn=True)]) == story


def test_stops_only_take_away_in_any_order_and_more_than_once(story: Story) -> None:
    stops = [
        Revocation(record_id="8k2v5n0q4d", on=DAY, until=date(2027, 1, 1)),
        Revocation(record_id="8k2v5n0q4d", on=DAY, until=date(2027, 3, 1)),
        Revocation(record_id="8k2v5n0q4d", on=DAY, channels=frozenset({Channel.WEB_ARCHIVE})),
        Revocation(record_id="8k2v5n0q4d", on=DAY, picture=True, name=True),
    ]
    results = {story.consent.after([*order, *order]) for order in permutations(stops)}
    assert len(results) == 1
    left = results.pop()
    assert left.last_day == date(2027, 1, 1)
    assert Channel.WEB_ARCHIVE not in left.channels
    assert left.picture is PictureConsent.NONE
    assert left.attribution is Attribution.ANONYMOUS
    assert left.attribution_words == ""


def test_the_state_of_a_consent_is_a_matter_of_days(story: Story) -> None:
    consent = story.consent
    assert consent.state(GIVEN - timedelta(1)) is ConsentState.NOT_YET
    assert consent.state(GIVEN) is ConsentState.VALID
    assert consent.state(ENDS) is ConsentState.VALID
    assert consent.state(ENDS + timedelta(1)) is ConsentState.EXPIRED
    assert replace(consent, withdrawn_on=DAY).state(DAY) is ConsentState.WITHDRAWN


def test_open_safety_flags_come_before_any_yes(story: Story) -> None:
    party = ThirdParty(role="sister", settled="open")
    picture = StoryPicture(path="x.jpg", alt="a door", sha256="0" * 64)
    with_picture = replace(story, consent=replace(story.consent, picture=PictureConsent.NO_FACE))
    cases = {
        "nobody has reviewed": replace(story, review=None),
        "changed since the review": replace(story, review=Review(words_sha256="0" * 64)),
        "2 identifying details": replace(
            story, review=Review(words_sha256=story.words_sha256, undecided=2)
        ),
        "another person in the story (sister)": replace(
            story, consent=replace(story.consent, third_parties=(party,))
        ),
        "no consent for one": agreed(replace(story, picture=picture)),
        "not checked for faces": agreed(replace(with_picture, picture=picture)),
    }
    for reason, flagged in cases.items():
        answer = ask(flagged)
        assert isinstance(answer, Denied)
        assert reason in answer.reason


def test_a_notice_written_into_a_file_by_hand_is_more_than_was_given(story: Story) -> None:
    given = replace(story.consent, method="file", notice_id="", notice_shown="")
    by_hand = replace(given, notice_id="story-consent-2", notice_shown="read aloud")
    assert given.beyond(given) == ()
    assert by_hand.beyond(given) == ("a consent notice that nobody recorded",)
