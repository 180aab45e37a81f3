"""The text that goes back to a storyteller: their words as they would appear, nothing hidden."""

from collections.abc import Sequence

from newsletter.model.consent import Channel
from newsletter.model.story import Story
from newsletter.stories.record.story_language import channel_names, story_gettext
from newsletter.stories.record.words import as_text

_INTRO = "These are the words we would like to publish. Nothing has been published yet."
_QUESTION = (
    "Do you say yes to exactly these words? You may also say no, change something, or take more "
    "time. If one word changes, we ask again."
)


def read_back_text(story: Story, *, language: str, channels: Sequence[Channel]) -> str:
    """Return the words in that language, with the name, the picture and where they may appear.

    The frame is in the story's language, or in English. ValueError when there are no such words.
    """
    text = story.text_in(language)
    if text is None:
        raise ValueError(f"story {story.id} has no text in {language}")
    gettext = story_gettext(language)
    parts = [gettext(_INTRO), f"{gettext('Title')}: {text.title}"]
    if text.excerpt != text.body:
        parts.append(f"{gettext('The short part')}:\n\n{as_text(text.excerpt)}")
    parts.append(f"{gettext('All of it')}:\n\n{as_text(text.body)}")
    parts.append(f"{gettext('Name')}: {story.consent.attribution_words or gettext('no name')}")
    if story.picture is not None:
        parts.append(f"{gettext('Picture')}: {story.picture.alt}")
    parts.append(f"{gettext('Where')}: {channel_names(channels, gettext)}")
    parts.append(gettext(_QUESTION))
    return "\n\n".join(parts) + "\n"
