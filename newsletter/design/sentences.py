"""The frame's sentences as templates use them: translated, filled, each name kept in its direction.

A Latin name inside an Arabic sentence would pull the numbers beside it to the wrong side, and the
groups of a phone number would change places. So a value that runs against the sentence is isolated:
by `<bdi>` in HTML, in text by Unicode's isolates (UAX #9).
"""

import re
import unicodedata
from collections.abc import Callable

from markupsafe import Markup

from newsletter.design.words import Words

Sentence = Callable[..., str]
_AGAINST = {"rtl": frozenset({"L"}), "ltr": frozenset({"R", "AL"})}
_GROUPED = re.compile(r"(?<![\w/.=&#+-])\+?\(?\d(?:[ ().-]{0,2}\d){6,}(?![\w/])")


def sentences(words: Words, escape: type[str]) -> Sentence:
    """The `_` of templates; `escape` is Markup for HTML and str for text."""
    gettext = words.gettext

    def sentence(message: str, **values: str) -> str:
        translated = escape(gettext(message))
        if not values:
            return translated
        return translated % {key: isolated(one, words, escape) for key, one in values.items()}

    return sentence


def numbers(words: Words, escape: type[str]) -> Sentence:
    """The `ngettext` of templates: a sentence with a number, by the language's plural rule."""
    ngettext = words.ngettext

    def sentence(one: str, many: str, number: int) -> str:
        return escape(ngettext(one, many, number)) % {"num": number}

    return sentence


def isolated(text: str, words: Words, escape: type[str]) -> str:
    """The text, kept apart from what stands beside it when it runs against the language."""
    if words.dir == "ltr" and text.isascii():
        return text
    runs = {unicodedata.bidirectional(char) for char in text}
    is_number = words.dir == "rtl" and "EN" in runs and not runs & _AGAINST["ltr"]
    if not (is_number or runs & _AGAINST[words.dir]):
        return text
    if escape is Markup:
        return Markup("<bdi>{}</bdi>").format(text)
    return f"\u2068{text}\u2069"


def isolate_numbers(text: str) -> str:
    """Right-to-left text whose phone numbers keep the order of their groups, by Unicode's marks."""
    return _GROUPED.sub("\u2066\\g<0>\u2069", text)
