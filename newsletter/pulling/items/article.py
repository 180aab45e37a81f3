"""The article on a web page: for entries of which a feed gives only the beginning. Pure."""

import html
import re
from dataclasses import dataclass
from datetime import UTC, tzinfo

import nh3

from newsletter.model.address import untracked
from newsletter.model.item import Event
from newsletter.pulling.items.announced.markup import event_in_markup
from newsletter.pulling.items.buttons import without_buttons
from newsletter.pulling.items.captions import without_captions, without_credit
from newsletter.pulling.items.sanitise import ATTRIBUTES, TAGS, WITH_CONTENT, Sanitiser, plain

SHORT = 600  # characters: half of all real entries have fewer
LONGEST_PAGE = 500_000  # characters
PARTS = {"article", "main"}
AROUND = {"nav", "header", "footer", "aside"}  # inside an article too: titles, author boxes, shares
BOUNDARY = re.compile(r"</?(?:article|main)(?: [^>]*)?>")
WORD = re.compile(r"\w+")
CANONICAL = re.compile(r"<link\b(?=[^>]*\brel=[\"']?canonical\b)[^>]*>", re.IGNORECASE)
HREF = re.compile(r"\bhref=[\"']?(https?://[^\"'\s>]+)", re.IGNORECASE)
SHARE = 0.6  # of the words of the beginning, with its "continue reading", that have to be there


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """An article's words, as safe HTML and as text; the page that it names as the first of its kind
    (`rel=canonical`, RFC 6596), and the event that its page describes."""

    html: str
    text: str
    canonical: str = ""
    event: Event | None = None


def article_in(page: str, base: str, beginning: str, *, zone: tzinfo = UTC) -> Article | None:
    """Return the part of a page that has the beginning of an entry; None when no part has it.

    Only what a page itself marks as article or main part is looked at. An event is told of a page
    that has the entry, though it has no more words; its hours are in `zone` if they name none.
    """
    rebuilt = nh3.Cleaner(
        tags=set(TAGS) | PARTS, clean_content_tags=WITH_CONTENT | AROUND, attributes=ATTRIBUTES
    ).clean(without_buttons(without_captions(page[:LONGEST_PAGE])))
    wanted = set(WORD.findall(beginning.lower()))
    longest: Article | None = None
    event = event_in_markup(page, base, zone)
    sanitiser = Sanitiser()
    for part in BOUNDARY.split(rebuilt)[1:-1]:
        markup = sanitiser.clean(part, base)
        text = without_credit(plain(markup))
        there = wanted & set(WORD.findall(text.lower()))
        if len(there) >= SHARE * len(wanted) and len(text) > len(longest.text if longest else ""):
            longest = Article(html=markup, text=text, canonical=_canonical(page), event=event)
    if longest is None or not (event or len(longest.text) > len(beginning)):
        return None
    return longest


def _canonical(page: str) -> str:
    link = CANONICAL.search(page[:LONGEST_PAGE])
    address = HREF.search(link[0]) if link else None
    return untracked(html.unescape(address[1])) if address else ""
