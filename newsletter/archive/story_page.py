"""A story as the archive shows it, while its consent lasts."""

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from newsletter.design.markdown import Prose
from newsletter.model.message import InlinePicture


@dataclass(frozen=True, kw_only=True)
class StoryPage:
    """One story in one language. `text` is Markdown; `until` is the last day of consent."""

    id: str
    language: str
    title: str
    text: str
    author: str
    until: date
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


def story_url(public_url: str, story_id: str, language: str) -> str:
    """What a message links to; `edition_url` is its twin."""
    return f"{public_url}/archive/{story_path(story_id, language).removesuffix('index.html')}"


def story_path(story_id: str, language: str) -> str:
    """Where a story's page is."""
    return f"stories/{story_id}/{language}/index.html"
