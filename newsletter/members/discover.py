"""Where a site's feeds may be, from its page: link elements first, then well-known paths and links.

Rules for link elements: WHATWG HTML, sections 4.2.4 and 4.6.6.1 (rel is a list of tokens, `base`
counts, attribute values are stripped).
"""

import re
from dataclasses import dataclass, replace
from enum import IntEnum
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from newsletter.model.address import host_of, joined_if_valid
from newsletter.model.organisation import FeedKind

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
    | {"application/json", "application/x.atom+xml", "application/x-atom+xml", "text/rss+xml"}
    | {"application/rss", "application/atom", "text/atom+xml"}
)
CALENDAR_TYPES = frozenset({"text/calendar"})
LOOKS_LIKE_FEED = re.compile(
    r"(?:^|[/._?&=-])(?:rss2?|atom|rdf|feeds?|xml|ics|ical|webcal)(?:$|[/._?&=-])|\.(?:rss|rdf|xml|atom|ics)$",
    re.IGNORECASE,
)
COMMENTS = re.compile(r"comment", re.IGNORECASE)
WELL_KNOWN = (
    "feed/", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed", "rss", "rss/", "feed.json",
    "feed.atom", "index.rdf", "?feed=rss2", "?format=feed&type=rss", "feeds/posts/default",
    "blog/feed/", "news/feed/", "blog/rss.xml", "news/rss.xml",
    "events/?ical=1", "calendar.ics", "events.ics",
)  # fmt: skip


class How(IntEnum):
    """How a feed was found, the surest first."""

    ITSELF = 0  # the address given was the feed
    LINK_ELEMENT = 1
    LINK = 2  # a link on the page that looks like one
    WELL_KNOWN = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An address to try. `title` is what the page calls it."""

    url: str
    how: How
    kind: FeedKind = FeedKind.NEWS
    title: str = ""


def candidates(page: str, url: str) -> list[Candidate]:
    """Return what a page offers, in the order to try; feeds of comments come last."""
    reader = _Page()
    try:
        # Over tags that never end the parser takes the square of their number.
        reader.feed(page[: page.rfind(">") + 1])
        reader.close()
    except (AssertionError, ValueError):
        pass  # what was read so far counts
    base = joined_if_valid(url, reader.base) if reader.base else url
    offered: dict[str, Candidate] = {}
    for link in reader.links:
        address = joined_if_valid(base, link.url)
        if address.startswith("webcal://"):
            address = "https://" + address.removeprefix("webcal://")
        if not address.startswith(("http://", "https://")):
            continue
        if link.how is How.LINK and not _may_be_feed(link.title, url, address):
            continue
        if address not in offered or link.how < offered[address].how:
            offered[address] = replace(link, url=address)
    return sorted(
        offered.values(),
        key=lambda link: (bool(COMMENTS.search(link.url + link.title)), link.how),
    )


def well_known(url: str) -> list[Candidate]:
    """Return paths where common software keeps feeds: below the page, then below the site."""
    root = urljoin(url, "/")
    folder = urljoin(url, ".")
    return [
        Candidate(
            url=address,
            how=How.WELL_KNOWN,
            kind=FeedKind.CALENDAR if "ic" in address.rsplit("/", 1)[-1] else FeedKind.NEWS,
        )
        for address in dict.fromkeys(
            urljoin(place, path) for place in dict.fromkeys((folder, root)) for path in WELL_KNOWN
        )
    ]


def _may_be_feed(text: str, page: str, address: str) -> bool:
    """A link to the same site, or one that says so itself."""
    words = re.search(r"\b(?:rss|atom|feed|ical(?:endar)?|ics)\b", text, re.IGNORECASE)
    same = host_of(page) == host_of(address)
    path = urlsplit(address).path + "?" + urlsplit(address).query
    return bool(LOOKS_LIKE_FEED.search(path) and (same or words)) or bool(words and same)


class _Page(HTMLParser):
    """Collects `link` and `a` elements and the first `base`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base = ""
        self.links: list[Candidate] = []  # with addresses as the page writes them
        self._link: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: (value or "").strip() for name, value in reversed(attrs)}
        if tag == "base" and attributes.get("href") and not self.base:
            self.base = attributes["href"]
        elif tag == "link" and attributes.get("href"):
            rels = attributes.get("rel", "").lower().split()
            media_type = attributes.get("type", "").split(";")[0].strip().lower()
            is_calendar = media_type in CALENDAR_TYPES
            if ("alternate" in rels and (media_type in FEED_TYPES or is_calendar)) or (
                "feed" in rels and "stylesheet" not in rels
            ):
                kind = FeedKind.CALENDAR if is_calendar else FeedKind.NEWS
                self._add(How.LINK_ELEMENT, attributes["href"], kind, attributes.get("title", ""))
        elif tag == "a" and attributes.get("href"):
            self._link = (attributes["href"], [attributes.get("title", "")])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._link is not None:
            self._link[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            href, words = self._link
            kind = FeedKind.CALENDAR if re.search(r"ics|ical|webcal", href) else FeedKind.NEWS
            self._add(How.LINK, href, kind, " ".join(" ".join(words).split()))
            self._link = None

    def _add(self, how: How, href: str, kind: FeedKind, title: str) -> None:
        self.links.append(Candidate(url=href, how=how, kind=kind, title=title))
