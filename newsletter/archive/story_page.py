"""A story as the archive shows it, while its consent lasts."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from newsletter.design.markdown import Prose
from newsletter.model.address import story_path
from newsletter.model.message import InlinePicture


@dataclass(frozen=True, kw_only=True)
class StoryPage:
    """One story in one language. `text` is Markdown; `until` is the last day of consent.

    `form` is the hash of what its storyteller agreed to for the web: `Story.form_sha256`.
    """

    id: str
    language: str
    title: str
    text: str
    author: str
    until: date
    form: str
    alt: str = ""
    picture: InlinePicture | None = None

    @property
    def path(self) -> str:
        """Its address below the site's root."""
        return story_path(self.id, self.language)

    @property
    def body(self) -> Markup:
        """The words as HTML."""
        return Prose(self.text, self.language).html(2)
