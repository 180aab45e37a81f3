"""Rendered editions -> the files of a preview: each edition as it is, light, dark, without
pictures, as a discreet copy, and one page that shows them all."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal
from markupsafe import Markup

from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.first_words import first_shown
from newsletter.design.localizer import locale_of, localizer_for_editors, own_name
from newsletter.design.names import issue_name
from newsletter.design.templates import Templates
from newsletter.model.coalition import Coalition
from newsletter.model.language import direction
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, RenderedEdition

GMAIL_SHOWS = 102_000  # bytes of HTML; a link leads to the rest
_SLOW = 125_000  # bytes in a second: 1 Mbit/s, a phone far from its mast
_DARK = "@media (prefers-color-scheme:dark)"
_PICTURE = re.compile(r'(<img\b[^>]*\bsrc=")cid:[^"]*', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownEdition:
    """An edition as most readers get it, and as those who asked for discretion do; from whom each
    comes, and how many bytes the whole message has."""

    usual: RenderedEdition
    discreet: RenderedEdition
    sender: str
    discreet_sender: str
    message_bytes: int


def preview_files(
    shown: Sequence[ShownEdition],
    templates: Templates,
    coalition: Coalition,
    *,
    extra: Sequence[str] = (),
) -> dict[str, str]:
    """Make the files, name -> text. `extra`: endings of files that the caller adds (`eml`)."""
    files: dict[str, str] = {}
    for one in shown:
        edition = one.usual
        html, tag = in_browser(edition), edition.language
        files[f"{tag}.html"] = html
        files[f"{tag}.txt"] = leading_nowhere(edition.text)
        files[f"{tag}.light.html"] = as_light(html)
        files[f"{tag}.dark.html"] = as_dark(html)
        files[f"{tag}.no-pictures.html"] = as_light(without_pictures(edition))
        files[f"{tag}.discreet.html"] = as_light(in_browser(one.discreet))
    words = words_for_editors(coalition)
    language = words["language"]
    files["index.html"] = templates.render(
        "preview/index.html",
        {
            **words,
            "name": issue_name(shown[0].usual.issue_id, language),
            "gmail_shows": _number(GMAIL_SHOWS, language),
            "editions": [_row(one, language, extra) for one in shown],
        },
    )
    return files


def words_for_editors(coalition: Coalition) -> dict[str, Any]:
    """Return what a page for editors needs to speak the coalition's first language; English where
    there is no catalogue of it."""
    localizer = localizer_for_editors(coalition.languages[0], coalition)
    words = gettext_for(localizer, Markup)
    return {"language": localizer.language, "dir": localizer.dir, "_": words}


def in_browser(edition: RenderedEdition) -> str:
    """Return the HTML with its pictures inside and its personal links leading nowhere."""
    html = leading_nowhere(edition.html)
    for picture in edition.pictures:
        data = base64.b64encode(picture.data).decode()
        html = html.replace(f"cid:{picture.cid}", f"data:{picture.media_type};base64,{data}")
    return html


def without_pictures(edition: RenderedEdition) -> str:
    """Return the HTML as a mail program shows it that blocks pictures: their words instead."""
    return _PICTURE.sub(r"\1", leading_nowhere(edition.html))


def leading_nowhere(part: str) -> str:
    """Return a part of a mail without the places of personal links."""
    return part.replace(LEAVE_URL, "#leave").replace(PREFERENCES_URL, "#preferences")


def as_light(html: str) -> str:
    """Return it light, whatever the browser prefers."""
    return html.replace(_DARK, "@media not all")


def as_dark(html: str) -> str:
    """Return it dark, whatever the browser prefers."""
    return html.replace(_DARK, "@media all")


def _row(one: ShownEdition, language: str, extra: Sequence[str]) -> dict[str, object]:
    edition, tag = one.usual, one.usual.language
    html_bytes = len(edition.html.encode())
    return {
        "language": tag,
        "dir": direction(tag),
        "name": own_name(tag),
        "subject": edition.subject,
        "subject_length": _number(len(edition.subject), language),
        "usual": _in_the_inbox(one.usual, one.sender),
        "discreet": _in_the_inbox(one.discreet, one.discreet_sender),
        "html_bytes": _number(html_bytes, language),
        "fits": html_bytes <= GMAIL_SHOWS,
        "kilobytes": _number(-(-one.message_bytes // 1000), language),
        "pictures": _number(len(edition.pictures), language),
        "seconds": _number(-(-one.message_bytes // _SLOW), language),
        "text": leading_nowhere(edition.text),
        "files": [f"{tag}.{ending}" for ending in ("html", "txt", *extra)],
    }


def _in_the_inbox(edition: RenderedEdition, sender: str) -> dict[str, str]:
    first_words = first_shown(edition.html)
    return {"sender": sender, "subject": edition.subject, "first_words": first_words}


def _number(number: int, language: str) -> str:
    return str(format_decimal(number, locale=locale_of(language)))
