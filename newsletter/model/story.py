"""A submitted personal account, as edited for publication, with its consent."""

from dataclasses import dataclass
from datetime import date

from newsletter.model.consent import Allowed, Channel, Consent, Denied


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryText:
    """The story's words in one language. `excerpt` and `body` are Markdown."""

    language: str
    title: str
    excerpt: str
    body: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryPicture:
    """A rebuilt picture beside the story file."""

    path: str
    alt: str
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One file of `stories/`. `id` is random and never derived from the person.

    `approved` holds the SHA-256 of each (language, channel) form the storyteller said yes to.
    """

    id: str
    consent: Consent
    texts: tuple[StoryText, ...]
    picture: StoryPicture | None = None
    topics: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    approved: frozenset[str] = frozenset()
    path: str = ""

    def text_in(self, language: str) -> StoryText | None:
        """The words in that language, if the story has them."""
        return next((text for text in self.texts if text.language == language), None)

    def answer(self, *, channel: Channel, language: str, on: date) -> Allowed | Denied:
        """Consent's answer, and whether there are words in that language at all."""
        if self.text_in(language) is None:
            return Denied(reason=f"the story has no {language} text")
        return self.consent.answer(channel=channel, language=language, on=on)
