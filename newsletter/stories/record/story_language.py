"""The languages that storytellers are asked and answered in: those of the consent notice. [I/O]"""

from collections.abc import Callable, Iterable

from newsletter.design.catalogues import STORIES, translations
from newsletter.model.consent import Channel
from newsletter.model.language import first_same

LANGUAGES = ("en", "es")
Gettext = Callable[[str], str]

_CHANNELS = {
    Channel.EMAIL_EXCERPT: "the short part by email",
    Channel.EMAIL_FULL: "all of it by email",
    Channel.WEB_ARCHIVE: "on our website",
    Channel.SOCIAL: "on social media",
    Channel.PRESS: "to journalists",
}


def story_language(tag: str) -> str:
    """Return the one of LANGUAGES that a BCP 47 tag names, regions aside; English for others."""
    return first_same(tag, LANGUAGES) or LANGUAGES[0]


def story_gettext(tag: str) -> Gettext:
    """Return what translates the English of a story's forms, receipts and read-backs.

    The catalogue is read when it is first asked for, once a process.
    """
    return translations(story_language(tag), STORIES).gettext


def channel_names(channels: Iterable[Channel], gettext: Gettext) -> str:
    """Return the channels in words, parted by commas; empty for none."""
    return ", ".join(gettext(_CHANNELS[channel]) for channel in channels)
