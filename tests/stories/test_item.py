"""A story as an item: the approved words, safe to show, nothing finer than a day."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.model.consent import Attribution, Channel, PictureConsent
from newsletter.model.item import ItemKind
from newsletter.model.story import Story, StoryPicture, StoryText
from newsletter.stories.recognition.words import as_html, as_text
from newsletter.stories.record.item import story_item


def test_the_item_carries_the_excerpt_or_the_whole_text(story: Story) -> None:
    excerpt = story_item(story, language="en", channel=Channel.EMAIL_EXCERPT)
    whole = story_item(story, language="en", channel=Channel.EMAIL_FULL)
    assert excerpt.id == whole.id == story.id
    assert excerpt.kind is ItemKind.STORY
    assert "seven months" not in excerpt.text
    assert "seven months" in whole.text
    assert excerpt.authors == ("Marisol",)
    assert excerpt.first_seen_at == datetime(2026, 9, 14, tzinfo=UTC)
    assert excerpt.published_at is None
    assert excerpt.organisation_id is None


def test_nobody_is_named_when_the_storyteller_is_anonymous(story: Story) -> None:
    consent = replace(story.consent, attribution=Attribution.ANONYMOUS, attribution_words="")
    item = story_item(replace(story, consent=consent), language="en", channel=Channel.EMAIL_EXCERPT)
    assert item.authors == ()


def test_a_picture_travels_only_with_consent_for_it(story: Story) -> None:
    pictured = replace(story, picture=StoryPicture(path="x.jpg", alt="A door", sha256="0" * 64))
    without = story_item(pictured, language="en", channel=Channel.EMAIL_EXCERPT)
    consent = replace(story.consent, picture=PictureConsent.NO_FACE)
    item = story_item(
        replace(pictured, consent=consent), language="en", channel=Channel.EMAIL_EXCERPT
    )
    assert without.picture is None
    assert item.picture is not None
    assert (item.picture.url, item.picture.alt) == ("stories/x.jpg", "A door")


def test_markup_in_a_story_is_shown_and_never_run(story: Story) -> None:
    bad = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://t.example/p.gif) *yes*"
    text = StoryText(language="en", title="T", excerpt=bad, body=bad)
    html = story_item(replace(story, texts=(text,)), language="en", channel=Channel.EMAIL_FULL).html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<em>yes</em>" in html


def test_the_words_that_a_storyteller_is_shown_are_all_that_is_published() -> None:
    """Who types a story indents its paragraphs; to Markdown that is code."""
    assert as_text("First.\n\n    Then they came.\n\nLast.") == "First.\n\nThen they came.\n\nLast."
    assert as_text("- [the house](https://a.example)") == "- the house <https://a.example>"
    hidden = 'At [the house](https://a.example "of Ana")\n\n```of-ana\nat night\n```'
    assert as_text(hidden) == "At the house <https://a.example>\n\nat night"
    assert "ana" not in as_html(hidden).casefold()


def test_a_missing_language_is_a_programming_error(story: Story) -> None:
    with pytest.raises(ValueError, match="no text in fr"):
        story_item(story, language="fr", channel=Channel.EMAIL_EXCERPT)
