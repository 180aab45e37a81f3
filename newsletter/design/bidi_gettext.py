"""The frame's sentences as templates use them: translated, filled, each name kept in its direction.

A Latin name inside an Arabic sentence would pull the numbers beside it to the wrong side, and the
groups of a phone number would change places. So a value that runs against the sentence is isolated:
by `<span dir>` in HTML, for Gmail, Outlook.com and Yahoo drop `<bdi>`; in text by Unicode's
isolates (UAX #9), and so are numbers among an editor's words.
"""

import re
import unicodedata
from collections.abc import Callable

from markupsafe import Markup

from newsletter.design.localizer import Localizer

Gettext = Callable[..., str]
_AGAINST = {"rtl": frozenset({"L"}), "ltr": frozenset({"R", "AL"})}
_GROUPED = re.compile(r"(?<![\w/.=&#+\u2066-])\+?\(?\d(?:[ ().-]{0,2}\d){6,}(?![\w/])")


def gettext_for(localizer: Localizer, escape: type[str]) -> Gettext:
    """Make the `_` of templates; `escape` is Markup for HTML and str for text."""

    def sentence(message: str, **values: str) -> str:
        translated = escape(localizer.translations.gettext(message))
        if not values:
            return translated
        return translated % {
            key: isolate(value, localizer, escape) for key, value in values.items()
        }

    return sentence


def ngettext_for(localizer: Localizer, escape: type[str]) -> Gettext:
    """Make the `ngettext` of templates: a sentence with a number, by the language's plural rule."""

    def sentence(singular: str, plural: str, number: int) -> str:
        translated = localizer.translations.ngettext(singular, plural, number)
        return escape(translated) % {"num": number}

    return sentence


def isolate(text: str, localizer: Localizer, escape: type[str]) -> str:
    """Keep the text apart from what stands beside it when it runs against the language."""
    if localizer.dir == "ltr" and text.isascii():
        return text
    runs = {unicodedata.bidirectional(char) for char in text}
    is_number = localizer.dir == "rtl" and "EN" in runs and not runs & _AGAINST["ltr"]
    if not (is_number or runs & _AGAINST[localizer.dir]):
        return text
    if escape is Markup:
        return Markup('<span dir="{}">{}</span>').format(first_direction(text), text)
    return f"\u2068{text}\u2069"


def first_direction(text: str) -> str:
    """Return the first letter's direction that has one, as `<bdi>` does; a number's is ltr."""
    runs = (unicodedata.bidirectional(char) for char in text)
    return next(("rtl" if run != "L" else "ltr" for run in runs if run in {"L", "R", "AL"}), "ltr")


def isolate_numbers(text: str) -> str:
    """Mark phone numbers in right-to-left text, so that their groups keep their order."""
    return _GROUPED.sub("\u2066\\g<0>\u2069", text)


def loose_numbers(text: str) -> list[str]:
    """Find the numbers in right-to-left text whose groups would change places."""
    return _GROUPED.findall(text)
