"""The article on a web page: for entries of which a feed gives only the beginning. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo

import nh3

from newsletter.model.item import Event
from newsletter.pulling.items.announced.markup import event_in_markup
from newsletter.pulling.items.sanitise import ATTRIBUTES, TAGS, WITH_CONTENT, Sanitiser, plain

SHORT = 600  # characters: half of all real entries have fewer
LONGEST_PAGE = 500_000  # characters
PARTS = {"article", "main"}
AROUND = {"nav", "header", "footer", "aside"}  # inside an article too: titles, author boxes, shares
BOUNDARY = re.compile(r"</?(?:article|main)(?: [^>]*)?>")
WORD = re.compile(r"\w+")
SHARE = 0.6  # of the words of the beginning, with its "continue reading", that have to be there


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """An article's words, as safe HTML and as text; the event that its page describes."""

    html: str
    text: str
    event: Event | None = None


def article_in(page: str, base: str, beginning: str, *, zone: tzinfo = UTC) -> Article | None:
    """Return the part of a page that has the beginning of an entry; None when no part has it.

    Only what a page itself marks as article or main part is looked at. An event is told of a page
    that has the entry, though it has no more words; its hours are in `zone` if they name none.
    """
    rebuilt = nh3.Cleaner(
        tags=set(TAGS) | PARTS, clean_content_tags=WITH_CONTENT | AROUND, attributes=ATTRIBUTES
    ).clean(page[:LONGEST_PAGE])
    wanted = set(WORD.findall(beginning.lower()))
    longest: Article | None = None
    event = event_in_markup(page, base, zone)
    sanitiser = Sanitiser()
    for part in BOUNDARY.split(rebuilt)[1:-1]:
        markup = sanitiser.clean(part, base)
        text = plain(markup)
        there = wanted & set(WORD.findall(text.lower()))
        if len(there) >= SHARE * len(wanted) and len(text) > len(longest.text if longest else ""):
            longest = Article(html=markup, text=text, event=event)
    if longest is None or not (event or len(longest.text) > len(beginning)):
        return None
    return longest
