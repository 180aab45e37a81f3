"""A short part is short: without the yes to all of it by email, never the whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.errors import AttentionError
from newsletter.model.consent import Allowed, Channel, Denied
from newsletter.model.story import Story, StoryText, count_words, most_words_of
from newsletter.stories.consent.change_consent import Narrowing, narrow
from newsletter.stories.reviewing.excerpt import excerpt_ends, proposed_end
from newsletter.stories.reviewing.read_back import record_agreement, send_back
from newsletter.stories.reviewing.replacing import Choice
from newsletter.stories.reviewing.review_edited import edited_session, write_reviewed
from newsletter.stories.services import StoryServices
from tests.stories.making import TODAY, asked, decided, give_keys, publish, review, take

SENTENCE = "We asked them for our wages and they said no. "


def text(excerpt: str, body: str) -> StoryText:
    return StoryText(language="en", title="x", excerpt=excerpt, body=body)


@pytest.mark.parametrize(
    ("excerpt", "body", "is_short"),
    [
        ("one", "one two three", True),
        ("one two", "one two three", False),
        ("word " * 120, "word " * 900, True),
        ("word " * 121, "word " * 900, False),
        ("我们在门口", "我们在门口等了一整天没有人来开门", True),
        ("我们在门口等了一整天", "我们在门口等了一整天没有人来开门", False),
        ("ذهبنا إلى", "ذهبنا إلى الباب في الرابعة صباحا", True),
        ("one-two-three_four", "one-two-three_four five six seven", False),
        ("one two", "one two [three](https://a.example/four/five/six 'seven eight')", False),
        ("one two", "one two three https://a.example/four/five/six/seven", False),
        ("one two", "one two [three]\n\n[three]: /four 'five six seven eight'", False),
    ],
)
def test_a_short_part_is_a_third_and_120_words_in_any_script(
    excerpt: str, body: str, is_short: bool
) -> None:
    assert text(excerpt, body).is_short is is_short


def test_the_review_proposes_whole_sentences_within_the_limit() -> None:
    body = SENTENCE * 9
    end = proposed_end(body)
    assert body[:end].endswith("no.")
    assert count_words(body[:end]) == most_words_of(body)
    assert excerpt_ends("One. Two, Dr. Abarca said. Three?")[-1] == 33
    assert proposed_end("Only one sentence.") == 18


def test_a_short_part_no_and_all_no_never_mails_all_of_it(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    story = review(services, take(services), pair)
    assert story.texts[0].is_short
    assert story.texts[0].has_more


def rewritten(services: StoryServices, story: Story, old: str, new: str) -> Story:
    """The file as an editor changed it by hand, then reviewed."""
    path = services.folder.folder / f"{story.id}.md"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    edited = services.story(story.id)
    return write_reviewed(services, edited, decided(edited_session(edited), Choice.KEEP, "x"))


def test_the_whole_as_excerpt_by_hand_is_refused_even_with_a_yes(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    assert isinstance(asked(services, story.id), Allowed)
    rewritten(services, story, "<!-- more -->\n\n", "")
    for long_excerpt in (False, True):
        with pytest.raises(AttentionError, match="whole text"):
            record_agreement(
                services, story.id, language="en", channels=[Channel.EMAIL_EXCERPT],
                method="shown", today=TODAY, long_excerpt=long_excerpt,
            )  # fmt: skip
    with pytest.raises(AttentionError, match="whole text"):
        send_back(services, story.id, language="en", today=TODAY)
    assert isinstance(asked(services, story.id), Denied)
    # A yes forged with the hash of that very form does not help either.
    whole = services.story(story.id)
    form = whole.form_sha256(language="en", channel=Channel.EMAIL_EXCERPT)
    forged = replace(whole, read_backs=(replace(story.read_backs[0], sha256=form),))
    answer = forged.answer(channel=Channel.EMAIL_EXCERPT, language="en", on=TODAY)
    assert isinstance(answer, Denied)
    assert "whole" in answer.reason


def test_a_long_short_part_needs_a_yes_to_exactly_that(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    rewritten(services, story, "<!-- more -->\n\n", "")
    cut = "\n\n<!-- more -->\n\nThen we went"
    rewritten(services, services.story(story.id), "Then we went", cut)
    how = {"language": "en", "channels": [Channel.EMAIL_EXCERPT], "method": "shown"}
    with pytest.raises(AttentionError, match="it may have"):
        record_agreement(services, story.id, **how, today=TODAY)  # type: ignore[arg-type]
    denied = asked(services, story.id)
    assert isinstance(denied, Denied)
    assert "it may have" in denied.reason
    send_back(services, story.id, language="en", today=TODAY)
    record_agreement(
        services,
        story.id,
        **how,
        today=TODAY,
        long_excerpt=True,  # type: ignore[arg-type]
    )
    assert isinstance(asked(services, story.id), Allowed)


def test_the_websites_own_yes_is_to_all_of_it(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    rewritten(services, story, "<!-- more -->\n\n", "")
    record_agreement(
        services, story.id, language="en", channels=[Channel.WEB_ARCHIVE], method="shown",
        today=TODAY,
    )  # fmt: skip
    assert isinstance(asked(services, story.id, channel=Channel.WEB_ARCHIVE), Allowed)
    assert isinstance(asked(services, story.id), Denied)


@pytest.mark.parametrize("language", ["en", "es"])  # 14 of 31 words, and all of them
def test_all_of_it_taken_back_later_ends_a_long_short_part(story: Story, language: str) -> None:
    on = story.consent.valid_from + timedelta(1)
    how = {"channel": Channel.EMAIL_EXCERPT, "language": language, "on": on}
    assert isinstance(story.answer(**how), Allowed)  # type: ignore[arg-type]
    channels = story.consent.channels - {Channel.EMAIL_FULL}
    left = replace(story, consent=replace(story.consent, channels=channels))
    assert isinstance(left.answer(**how), Denied)  # type: ignore[arg-type]


def test_a_yes_to_the_short_part_survives_what_else_is_narrowed(services: StoryServices) -> None:
    pair, _ = give_keys(services)
    _, story = publish(services, pair)
    narrow(services, story.id, Narrowing(channels=frozenset({Channel.WEB_ARCHIVE})), today=TODAY)
    assert isinstance(asked(services, story.id), Allowed)
