"""Checks of how a message is built: headings, tables, pictures, links, sizes, schemes, Outlook."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from newsletter.design.bidi_gettext import loose_numbers
from newsletter.design.contrast import AA_TEXT, faint_pairs
from newsletter.design.tokens import SMALLEST_TEXT
from newsletter.issues.checking.page import Element
from newsletter.issues.checking.rendered_check_input import Check, RenderedCheckInput, warns
from newsletter.model.language import direction
from newsletter.model.problem import Problem

_FONT_SIZE = re.compile(r"font-size:\s*(\d+)px")
_MEANINGLESS = frozenset(
    {"here", "click here", "read more", "more", "link", "this", "aquí", "leer más", "más", "هنا"}
)
_WRONG_WAY = {"rtl": "left", "ltr": "right"}


def headings(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 17: one h1, and no level is skipped."""
    elements = checked.page.all("h1", "h2", "h3", "h4", "h5", "h6")
    levels = [int(heading.tag[1]) for heading in elements]
    if levels.count(1) != 1:
        yield warns(checked, "headings", f"there are {levels.count(1)} main headings, not one")
    for earlier, later in pairwise(levels):
        if later > earlier + 1:
            yield warns(checked, "headings", f"a heading jumps from level {earlier} to {later}")
            return


def tables(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 16: layout tables say that they are; data tables have header cells with a scope."""
    table: Element | None = None
    headers: list[Element] = []
    for element in (*checked.page.all("table", "th"), None):
        if element is not None and element.tag == "th":
            headers.append(element)
            continue
        if table is not None:
            yield from _table(checked, table, headers)
        table, headers = element, []


def _table(
    checked: RenderedCheckInput, table: Element, headers: list[Element]
) -> Iterator[Problem]:
    if headers and "role" in table.attrs:
        yield warns(checked, "tables", "a data table is marked as layout")
    elif headers and not all(header.attrs.get("scope") for header in headers):
        yield warns(checked, "tables", "a data table's header cell has no scope")
    elif not headers and table.attrs.get("role") != "presentation":
        message = "a table without header cells: give it a first row of headings"
        yield warns(checked, "tables", message)


def pictures(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 17, 22: each picture has words for who cannot see it, and a size."""
    for image in checked.page.all("img"):
        if not image.attrs.get("alt", "").strip():
            address = image.attrs.get("src", "")
            words = f"a picture has no description: {address}"
            hint = "add `- alt: what it shows` to its block"
            yield replace(warns(checked, "no-alt", words, hint), about=address)
        if not image.attrs.get("width", "").isdigit():
            message = "a picture has no width: Outlook shows it at full size"
            yield warns(checked, "picture-size", message)


def links(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 17: a link's words say where it leads, and the same words never lead to two places."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for link in checked.page.all("a"):
        words = (link.attrs.get("aria-label") or link.text).strip().casefold()
        if link.attrs.get("href", "").startswith("#"):
            continue  # leads to the place in the mail that has the same words, and its link
        places[words].add(link.attrs.get("href", ""))
        if words in _MEANINGLESS or not words:
            message = f"a link says only {link.text!r}"
            yield warns(checked, "link-words", message, "say where it leads")
    for words, addresses in places.items():
        if len(addresses) > 1:
            message = f"{len(addresses)} links have the same words: {words[:60]!r}"
            hint = "tell them apart: add a place or a date"
            yield warns(checked, "link-words", message, hint)


def text_size(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 19: no text under 14 pixels; 0 and 1 are how layout cells hide their spacing."""
    small = {int(size) for size in _FONT_SIZE.findall(checked.page.styles)}
    small = {size for size in small if 1 < size < SMALLEST_TEXT}
    alts_only = {13} if checked.page.all("img") else set()  # what mrml gives to alternative text
    if small - alts_only:
        yield warns(checked, "small-text", f"text of {min(small)} pixels; 14 is the minimum")


def colour_schemes(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 18, 20: the message knows the dark, and its colours can be read in both."""
    metas = {
        meta.attrs.get("name"): meta.attrs.get("content", "") for meta in checked.page.all("meta")
    }
    for name in ("color-scheme", "supported-color-schemes"):
        if "dark" not in metas.get(name, ""):
            yield warns(checked, "dark-mode", f"no <meta name={name}>")
    if "prefers-color-scheme" not in checked.page.styles:
        yield warns(checked, "dark-mode", "no colors for dark mode")
    for faint in faint_pairs(checked.tokens):
        pair = f"{faint.scheme}.{faint.ink} on {faint.scheme}.{faint.ground}"
        message = f"{pair} has a contrast of {faint.ratio:.1f}; {AA_TEXT} is needed"
        yield warns(checked, "contrast", message, "change templates/tokens.toml")


def text_direction(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 21: in a right-to-left edition nothing is set the other way."""
    dir = direction(checked.rendered.language)
    for element in checked.page.all("td", "div"):
        if "lang" in element.attrs and element.attrs["lang"] != checked.rendered.language:
            continue  # a piece in another language runs its own way
        style = element.attrs.get("style", "")
        if element.tag == "td" and style.startswith("text-align:"):
            continue  # a column of numbers: what an editor's table says with ---:
        if f"text-align:{_WRONG_WAY[dir]}" in style and "direction" not in style:
            yield warns(checked, "direction", f"text is aligned to the {_WRONG_WAY[dir]}")
            return
        if dir == "rtl" and "direction:ltr" in style:
            yield warns(checked, "direction", "a part of the design runs left to right")
            return


def number_order(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 21: names and numbers are kept apart from right-to-left words, and not by `<bdi>`."""
    if checked.page.all("bdi"):
        message = "<bdi> is dropped by Gmail, Outlook.com and Yahoo"
        yield warns(checked, "number-order", message, "write {{ isolated(...) }} instead")
    for words, dir in zip(checked.page.words, checked.page.directions, strict=True):
        if dir == "rtl" and (numbers := loose_numbers(words)):
            message = f"right-to-left words would turn the groups of {numbers[0]} around"
            yield warns(checked, "number-order", message, "write {{ isolated(...) }} around it")


def outlook(checked: RenderedCheckInput) -> Iterator[Problem]:
    """Check 24: Outlook's conditional comments open and close."""
    depth = 0
    for comment in checked.page.comments:
        depth += len(re.findall(r"<!--\[if|^\[if", comment))
        depth -= comment.count("<![endif]")
        if not 0 <= depth <= 1:
            break
    if depth != 0:
        yield warns(checked, "outlook", "a conditional comment for Outlook is not closed")


CHECKS: tuple[Check, ...] = (
    headings,
    tables,
    pictures,
    links,
    text_size,
    colour_schemes,
    text_direction,
    number_order,
    outlook,
)
