"""Which language a page is in: what the reader chose, what they read, what their browser says."""

from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from flask import Flask, g, request, session

from newsletter.design.build_view import address_lines
from newsletter.design.catalogues import PAGES, languages
from newsletter.model.language import direction, first_same
from newsletter.stories.record.story_language import language_name as known_name
from newsletter.stories.record.story_language import story_languages
from newsletter.web.logo import logo_shown
from newsletter.web.site import site


def install(app: Flask) -> None:
    """Give every template its words."""

    @app.before_request
    def choose() -> None:
        wanted = request.args.get("lang", "")
        if wanted and wanted in _offered():
            session["lang"] = wanted

    @app.context_processor
    def words() -> dict[str, Any]:
        here, path = language(), _here()
        coalition = site().workspace.config.coalition
        shown = story_page_language() if _is_story_page() else here
        return {
            "_": gettext,
            "here": path,
            "language": here,
            "direction": direction(here),
            "languages": [(tag, language_name(tag), f"{path}?lang={tag}") for tag in _offered()],
            "chosen_language": shown,
            "coalition": coalition.in_language(shown),
            "logo": logo_shown(),
            "address": address_lines(coalition.postal_address, coalition.name),
        }


def _here() -> str:
    """This page, where it can be opened again in another language; else the first one."""
    rule = request.url_rule
    return request.path if rule is not None and "GET" in (rule.methods or ()) else "/subscribe"


def _is_story_page() -> bool:
    return request.path.startswith("/stories/")


def _offered() -> tuple[str, ...]:
    """Return the languages that this page can be read in."""
    pages = site().workspace.page_languages
    return tuple(dict.fromkeys([*pages, *story_languages()])) if _is_story_page() else pages


def language() -> str:
    """Return the language of this page, one of those that have a catalogue."""
    known = site().workspace.page_languages
    if _is_story_page():  # a language the newsletter does not appear in may have these words
        known = tuple(tag for tag in _offered() if tag in languages(PAGES)) or known
    return chosen(known)


def story_page_language() -> str:
    """Return the language of what a storyteller reads, whatever the newsletter appears in."""
    return chosen(story_languages())


def chosen(among: tuple[str, ...]) -> str:
    """Return which of these was chosen, this reader reads, or the browser asks for."""
    for tag in (session.get("lang"), g.get("reader_language")):
        if tag and (known := tag if tag in among else first_same(tag, among)):
            return known
    return _asked(among) or among[0]


def _asked(among: tuple[str, ...]) -> str | None:
    """Return the first language the browser asks for that is among these, by the matching of
    editions. `zh` after `zh-TW` says nothing more: browsers add it themselves."""
    asked = [tag for tag, quality in request.accept_languages if quality > 0]
    for place, tag in enumerate(asked):
        if any(earlier.lower().startswith(f"{tag.lower()}-") for earlier in asked[:place]):
            continue
        if known := first_same(tag, among):
            return known
    return None


def gettext(text: str, **values: object) -> str:
    """Translate a sentence into the language of this page, and fill in its %(name)s."""
    translated = site().workspace.page_words(language()).gettext(text)
    return translated % values if values else translated


def language_name(tag: str) -> str:
    """Return what a language calls itself: `Español`."""
    name = known_name(tag, tag)
    return name[:1].upper() + name[1:]


def day_in_words(day: date | None) -> str:
    """Write `31 December 2026` as the language of this page does; empty for None."""
    if day is None:
        return ""
    return format_date(day, format="long", locale=Locale.parse(language(), sep="-"))
