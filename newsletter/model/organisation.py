"""Member organisations, their feeds and what they let us reprint: one entry of feeds.yaml."""

from dataclasses import dataclass
from enum import StrEnum


class FeedKind(StrEnum):
    """What a feed carries."""

    NEWS = "news"
    CALENDAR = "calendar"


class TextTerms(StrEnum):
    """How much of an organisation's text a digest may reprint."""

    LINK = "link"  # title and link only
    EXCERPT = "excerpt"  # up to `Terms.words` words
    FULL = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What an organisation allows; enforced when drafting, checking and rendering.

    `pages`: whether the page of an entry may be read where the feed has only its beginning.
    """

    text: TextTerms = TextTerms.EXCERPT
    words: int = 60
    pictures: bool = False
    pages: bool = False

    @property
    def word_limit(self) -> int | None:
        """Return the most words of theirs a blurb may carry; None is no limit."""
        return {TextTerms.LINK: 0, TextTerms.EXCERPT: self.words, TextTerms.FULL: None}[self.text]


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """An address that an organisation publishes."""

    url: str
    kind: FeedKind = FeedKind.NEWS
    paused: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Organisation:
    """A member of the coalition. `id` is permanent; `languages` are BCP 47, main one first."""

    id: str
    name: str
    url: str
    languages: tuple[str, ...]
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    contact: str | None = None
    terms: Terms = Terms()
    feeds: tuple[Feed, ...] = ()
    partners: tuple[str, ...] = ()
