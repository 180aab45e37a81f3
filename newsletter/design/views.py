"""What the templates see: an edition with every fact looked up and every word decided."""

from dataclasses import dataclass, field

from newsletter.design.markdown import Prose
from newsletter.design.placement_details import Details


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceView:
    """Who published something, with the address of their site."""

    name: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureView:
    """A picture at the size it is shown; `height` 0 when it is not known."""

    src: str
    alt: str
    width: int
    height: int
    credit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementView:
    """One thing in the issue. `lang` and `dir` are set only when its words differ in language,
    `anchor` only where the contents lead to it."""

    id: str
    kind: str
    title: str
    link: str
    lang: str
    dir: str
    blurb: Prose
    source: SourceView | None
    author: str
    published: str
    original: str
    also: tuple[SourceView, ...]
    picture: PictureView | None
    details: Details
    size: str
    anchor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionView:
    """A titled part with its placements."""

    id: str
    kind: str
    title: str
    intro: Prose
    placements: tuple[PlacementView, ...]
    anchor: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentsLine:
    """A line of the contents: the section's title as `label`, what it leads to, until when."""

    is_urgent: bool
    label: str
    title: str
    lang: str
    dir: str
    due: str
    anchor: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionLink:
    """Another edition. `lang` is the language of `name`."""

    tag: str
    name: str
    lang: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionView:
    """An issue in one language, ready to be shown. `title` is its subject as a heading,
    `standfirst` the preheader that its editors wrote, `picture` theirs under the title; `period` is
    the week in words. `members_page` shows the members where they are too many for a mail;
    `is_long`: the way to leave stands at the top too. A bulletin is `valid_until` a moment; a
    correction is none."""

    issue_id: str
    language: str
    dir: str
    subject: str
    title: str
    preheader: str
    standfirst: str
    edited_by: str
    picture: PictureView | None
    period: str
    is_bulletin: bool
    is_correction: bool
    valid_until: str
    letter: Prose
    sections: tuple[SectionView, ...]
    members: tuple[SourceView, ...]
    members_page: str
    is_long: bool
    coalition: SourceView
    postal_address: tuple[str, ...]
    public_url: str
    browser_url: str
    other_editions: tuple[EditionLink, ...] = field(default=())
    reply_url: str = ""
    archive_url: str = ""
    stories_url: str = ""
    contents: tuple[ContentsLine, ...] = ()
    minutes: int = 0
