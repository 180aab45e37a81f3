"""A single mail to one person, in the design of an issue: what it says -> HTML and text.

Its words may hold names between isolates (UAX #9), as `isolate` sets them for text; in HTML those
become `<span dir>`, for Word shows some of the characters as boxes.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from newsletter.design.bidi_gettext import first_direction, isolate_numbers
from newsletter.design.build_view import (
    PREHEADER_LONGEST,
    PREHEADER_SHORTEST,
    address_lines,
    logo_view,
)
from newsletter.design.first_words import first_words_text, preheader_html
from newsletter.design.frame import frame_names
from newsletter.design.localizer import Localizer, localizer_for
from newsletter.design.mjml import compile_mjml
from newsletter.design.names import discreet_name
from newsletter.design.plain_text import shortened, tidied
from newsletter.design.templates import Templates
from newsletter.design.views import LogoView, SourceView
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.logo import Logo
from newsletter.model.notice import Notice

_NAME = "notices/notice"

_ISOLATES = re.compile("[\u2066-\u2069]")
_ISOLATED = re.compile("\u2068([^\u2068\u2069]*)\u2069")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A paragraph."""

    kind: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """What parts a notice that says several things."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """A list."""

    kind: ClassVar[str] = "lines"
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """What an editor types."""

    kind: ClassVar[str] = "command"
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """The reader's own link, with words of its own: a button, or a line for what few want."""

    kind: ClassVar[str] = "link"
    text: str
    url: str
    is_button: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """What is to be known of one address."""

    kind: ClassVar[str] = "card"
    url: str
    lines: tuple[str, ...]


Block = Words | Heading | Lines | Command | Link | Card


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeWords:
    """What a notice says, in one language. `note` is small, below everything else.

    The subject is its title as well. What goes `to_editors` has no link at all: they know where
    they work, and learn to press none.
    """

    language: str
    subject: str
    blocks: tuple[Block, ...]
    note: str = ""
    to_editors: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeView:
    """What templates show of a notice, as `e`. `coalition` has no address where none is linked;
    to the discreet it has the neutral name, and there is no `postal_address`."""

    language: str
    dir: str
    subject: str
    title: str
    blocks: tuple[Block, ...]
    note: str
    coalition: SourceView
    logo: LogoView | None
    postal_address: tuple[str, ...]
    first_text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeRenderer:
    """Renders notices as this coalition's templates show them."""

    templates: Templates
    coalition: Coalition
    sender: Sender
    logo: Logo | None = None

    def render(
        self,
        words: NoticeWords,
        *,
        address: str,
        discreet: bool = False,
        token: str = "",
        id: str = "",
    ) -> Notice:
        """Return the mail. ConfigError when a template of the workspace's own cannot be used."""
        localizer = localizer_for(words.language, self.coalition)
        view = self._view(words, localizer, discreet)
        context = {"e": view, "web": None, "preheader": preheader_html(_preheader(words))}
        html = self.templates.render(
            f"{_NAME}.mjml",
            context
            | frame_names(localizer, self.templates, Markup)
            | {"shown": lambda text: _with_spans(_ordered(text, localizer))},
        )
        text = self.templates.render(
            f"{_NAME}.txt",
            context
            | frame_names(localizer, self.templates, str)
            | {
                "shown": lambda text: _ordered(text, localizer),
                "heading": lambda text: _ISOLATED.sub(r"\1", _ordered(text, localizer)),
            },
        )
        return Notice(
            address=address,
            language=words.language,
            subject=view.subject,
            text=tidied(text, localizer.dir),
            html=compile_mjml(html, file=str(self.templates.path(f"{_NAME}.mjml"))),
            discreet=discreet,
            token=token,
            id=id,
            pictures=self.logo.pictures if self.logo and not discreet else (),
        )

    def _view(self, words: NoticeWords, localizer: Localizer, discreet: bool) -> NoticeView:
        coalition, subject = self.coalition, _ISOLATES.sub("", words.subject)
        if discreet:
            publisher = SourceView(name=discreet_name(self.sender, words.language), url="")
        else:
            url = "" if words.to_editors else coalition.url
            publisher = SourceView(name=coalition.in_language(words.language).name, url=url)
        address = address_lines(coalition.postal_address, coalition.name)
        return NoticeView(
            language=words.language,
            dir=localizer.dir,
            subject=subject,
            title=words.subject,
            blocks=words.blocks,
            note=words.note,
            coalition=publisher,
            logo=None if discreet else logo_view(self.logo),
            postal_address=() if discreet else tuple(address),
            first_text=first_words_text(subject) if discreet else "",
        )


def _ordered(text: str, localizer: Localizer) -> str:
    return isolate_numbers(text) if localizer.dir == "rtl" else text


def _with_spans(text: str) -> Markup:
    """Escape the text, with its isolated names in elements."""
    parts = _ISOLATED.split(text)  # what is isolated stands at the odd places
    span = Markup('<span dir="{}">{}</span>')
    return Markup("").join(
        span.format(first_direction(part), part) if at % 2 else part
        for at, part in enumerate(parts)
    )


def _preheader(words: NoticeWords) -> str:
    """The first sentences, as far as phones show them."""
    said = ""
    for block in words.blocks:
        if len(said) >= PREHEADER_SHORTEST:
            break
        if isinstance(block, Words):
            said = f"{said} {_ISOLATES.sub('', block.text)}".strip()
    return shortened(said, PREHEADER_LONGEST)
