"""The languages that storytellers are asked and answered in: those with a whole catalogue. [I/O]

One file, `newsletter/locales/stories/<language>.po`, makes a language: the form, the notice, the
receipt and the read-back all come from it. One that lacks a line is not offered at all: nobody
says yes to half a page.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list

from newsletter.design.catalogues import STORIES, header, lacking, languages, translations
from newsletter.model.consent import Channel
from newsletter.model.language import direction, first_same

Gettext = Callable[[str], str]

ENGLISH = "en"
_PLACE = re.compile(r"%\((\w+)\)s")
_CHANNELS = {
    Channel.EMAIL_EXCERPT: "a short part by email",
    Channel.EMAIL_FULL: "the whole story by email",
    Channel.WEB_ARCHIVE: "our website",
    Channel.SOCIAL: "social media",
    Channel.PRESS: "news media (journalists)",
}


def story_languages() -> tuple[str, ...]:
    """Return the BCP 47 tags that storytellers are offered, English first."""
    return tuple(tag for tag in languages(STORIES) if not lacking(tag, STORIES))


def unfinished_languages() -> dict[str, tuple[str, ...]]:
    """Return the lines that each catalogue lacks, by language; empty when all are offered."""
    gaps = {tag: lacking(tag, STORIES) for tag in languages(STORIES)}
    return {tag: lines for tag, lines in gaps.items() if lines}


def story_language(tag: str) -> str:
    """Return the offered language that a BCP 47 tag names, regions aside; else English."""
    offered = story_languages()
    return tag if tag in offered else first_same(tag, offered) or ENGLISH


def story_gettext(tag: str) -> Gettext:
    """Return what translates the English of a story's forms, receipts and read-backs.

    The catalogue is read when it is first asked for, once a process.
    """
    return translations(story_language(tag), STORIES).gettext


def is_read_by_a_speaker(tag: str) -> bool:
    """Return whether a translation's header says that somebody who speaks it has read it.

    English is what it is translated from.
    """
    language = story_language(tag)
    said = header(language, STORIES, "X-Read-By-A-Speaker")
    return language == ENGLISH or said.split(",")[0].strip().lower() == "yes"


def fill(sentence: str, **values: object) -> str:
    """Put values in the places `%(name)s` of a translated sentence, and leave all else as it is.

    A translator's stray `%` or brace is a character; a place that nobody fills stays to be seen.
    """
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), sentence)


def in_its_order(text: str, language: str) -> str:
    """Return a code, an address or a name so that a right-to-left sentence keeps its order.

    Without it the first digit of a code that follows an Arabic word stands at its other end
    (UAX #9, W2).
    """
    return f"\u2068{text}\u2069" if direction(language) == "rtl" else text


def language_name(tag: str, language: str) -> str:
    """Return what one language (BCP 47) calls another: `Spanish`, `inglés`; at worst the tag.

    CLDR does not know every language that stories are told in: a catalogue can say in its header
    what its own is called (`X-Language-Name`).
    """
    among, named = _locale(tag), _locale(language)
    name = named.get_display_name(among) if among and named else None
    return name or header(language, STORIES, "X-Language-Name") or language


def day_in_words(day: date, language: str) -> str:
    """Return `31 December 2026` as a language (BCP 47) writes it; `2026-12-31` if CLDR lacks it."""
    locale = _locale(language)
    return format_date(day, "long", locale=locale) if locale else day.isoformat()


def listed(names: Iterable[str], language: str) -> str:
    """Return `A, B and C` as a language (BCP 47) writes it; with commas alone if CLDR lacks it."""
    locale = _locale(language)
    return format_list(list(names), locale=locale) if locale else ", ".join(names)


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def channel_name(channel: Channel, gettext: Gettext) -> str:
    """Return in words where a story may appear."""
    return gettext(_CHANNELS[channel])
