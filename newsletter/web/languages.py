"""Which language a page is in: what the reader chose, what they read, what their browser says."""

from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask import Flask, g, request, session

from newsletter.model.language import direction, first_same
from newsletter.web.site import site


def install(app: Flask) -> None:
    """Give every template its words."""

    @app.before_request
    def choose() -> None:
        wanted = request.args.get("lang", "")
        if wanted in site().workspace.page_languages:
            session["lang"] = wanted

    @app.context_processor
    def words() -> dict[str, Any]:
        here = language()
        return {
            "_": gettext,
            "here": _here(),
            "language": here,
            "direction": direction(here),
            "languages": [(tag, language_name(tag)) for tag in site().workspace.page_languages],
            "coalition": site().workspace.config.coalition,
        }


def _here() -> str:
    """This page, where it can be opened again in another language; else the first one."""
    rule = request.url_rule
    return request.path if rule is not None and "GET" in (rule.methods or ()) else "/subscribe"


def language() -> str:
    """Return the language of this page, one of those that have a catalogue."""
    catalogues = site().workspace.page_languages
    chosen = session.get("lang")
    if chosen in catalogues:
        return str(chosen)
    read = g.get("reader_language")
    if read and (known := first_same(read, catalogues)):
        return known
    return request.accept_languages.best_match(catalogues) or catalogues[0]


def gettext(text: str, **values: object) -> str:
    """Translate a sentence into the language of this page, and fill in its %(name)s."""
    translated = site().workspace.page_words(language()).gettext(text)
    return translated % values if values else translated


def language_name(tag: str) -> str:
    """Return what a language calls itself: `Español`."""
    locale = Locale.parse(tag, sep="-")
    return str(locale.get_display_name(tag.replace("-", "_")) or tag).capitalize()


def day_in_words(day: date | None) -> str:
    """Write `31 December 2026` as the language of this page does; empty for None."""
    if day is None:
        return ""
    return format_date(day, format="long", locale=Locale.parse(language(), sep="-"))
