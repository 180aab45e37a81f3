"""A story as an item an editor can choose, carrying its excerpt or its whole text."""

from datetime import UTC, datetime, time

from newsletter.model.consent import Channel
from newsletter.model.issue import Placement
from newsletter.model.item import Item, ItemKind, Picture
from newsletter.model.story import Story
from newsletter.stories.recognition.words import as_html, as_text

_WHOLE = frozenset({Channel.EMAIL_FULL, Channel.PRESS})


def placed_as(placement: Placement) -> Channel:
    """Return the channel whose form a placement shows: the whole story, or its excerpt."""
    return Channel.EMAIL_FULL if placement.details.get("form") == "full" else Channel.EMAIL_EXCERPT


def story_item(story: Story, *, language: str, channel: Channel) -> Item:
    """Return the story's words in that language, as the channel carries them.

    `text` is the storyteller's approved words and must be placed unchanged. `picture.url` is a
    file beside the story, relative to the workspace. The moment is the first day of consent:
    nothing finer is known or published.
    ValueError when the story has no words in that language.
    """
    text = story.text_in(language)
    if text is None:
        raise ValueError(f"story {story.id} has no text in {language}")
    whole = channel in _WHOLE
    words = text.body if whole else text.excerpt
    named = story.consent.attribution_words
    return Item(
        id=story.id,
        kind=ItemKind.STORY,
        title=text.title,
        first_seen_at=datetime.combine(story.consent.valid_from, time(), tzinfo=UTC),
        identity=f"story:{story.id}",
        text=as_text(words),
        html=as_html(words),
        language=text.language,
        authors=(named,) if named else (),
        topics=story.topics,
        regions=story.regions,
        picture=_picture(story),
        content_sha256=story.form_sha256(language=language, channel=channel),
    )


def _picture(story: Story) -> Picture | None:
    shown = story.shown_picture
    return None if shown is None else Picture(url=shown.file, alt=shown.alt)
