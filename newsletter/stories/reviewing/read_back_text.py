"""The text that goes back to a storyteller: their words as they would appear, nothing hidden."""

from collections.abc import Sequence

from newsletter.model.consent import Channel
from newsletter.model.language import same_language
from newsletter.model.story import Story
from newsletter.stories.recognition.words import as_text
from newsletter.stories.record.story_language import channel_name, language_name, story_gettext

_FIRST = "This is the text we would like to publish. Nothing has been published yet."
_AGAIN = (
    "You said yes to a text of this story before, and it may have been published. This is the "
    "text we would like to use from now on."
)
_FOREIGN = "If you do not read this language, ask us what it says before you answer."
_QUESTION = (
    "Do you say yes to exactly this text? You may also say no, change something, or take more "
    "time. If one word changes, we ask again."
)


def read_back_text(
    story: Story, *, language: str, channels: Sequence[Channel], agreed_before: bool
) -> str:
    """Return the words in that language, with the name, the picture and where they may appear.

    What stands around them is in the language that the storyteller read the consent notice in.
    `agreed_before` says whether they ever said yes to a text, which may then have been published.
    ValueError when there are no such words.
    """
    text = story.text_in(language)
    if text is None:
        raise ValueError(f"story {story.id} has no text in {language}")
    reads = story.consent.notice_language
    gettext = story_gettext(reads)
    parts = [
        gettext(_AGAIN if agreed_before else _FIRST),
        f"{gettext('Language')}: {language_name(reads, language)}",
    ]
    if not same_language(reads, language):
        parts.append(gettext(_FOREIGN))
    parts.append(f"{gettext('Title')}: {text.title}")
    if text.excerpt != text.body:
        parts.append(f"{gettext('The short part')}:\n\n{as_text(text.excerpt)}")
    parts.append(f"{gettext('The whole story')}:\n\n{as_text(text.body)}")
    parts.append(f"{gettext('Name')}: {story.consent.attribution_words or gettext('no name')}")
    if story.picture is not None:
        parts.append(f"{gettext('Picture')}: {story.picture.alt}")
    places = "\n".join(f"– {channel_name(channel, gettext)}" for channel in channels)
    parts.append(f"{gettext('Where')}:\n{places}")
    parts.append(gettext(_QUESTION))
    return "\n\n".join(parts) + "\n"
