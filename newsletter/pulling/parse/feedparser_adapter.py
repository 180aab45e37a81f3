"""What the rest of pulling knows of feedparser: its handlers, fed by us.

`feedparser.parse` re-decodes text that looks like mojibake, opens strings as files, and lets expat
report text in pieces of a few bytes. Its handlers are public names of `feedparser.api`; what is
left out here is exactly what charset.py, fetch.py and the sanitiser of items do better.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import feedparser
from feedparser.api import LooseFeedParser
from feedparser.sanitizer import replace_doctype

from newsletter.pulling.parse.handlers import OwnHandlers
from newsletter.pulling.parse.plain_parser import StrictReading, read_plainly

# The versions that strict_parser.py was compared with. Any other is read by its public names.
FAST_WITH = frozenset({"6.0.14"})
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# What XML 1.0 cannot carry at all; one such byte would cost the feed its strict reading.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

# Reads UTF-8 whose DOCTYPE was replaced, fetched from a URL.
StrictReader = Callable[[bytes, str], StrictReading]


class FeedReading(NamedTuple):
    """A feed as feedparser tells it; `problem` says why it is not well-formed XML, or is empty."""

    feed: Any
    entries: list[Any]
    version: str
    problem: str


class _Loose(OwnHandlers, LooseFeedParser):  # type: ignore[misc]
    def handle_charref(self, ref: str) -> None:
        """Do as feedparser does; a number that is no character (&#x110000;) costs only itself."""
        try:
            super().handle_charref(ref)
        except ValueError:
            self.handle_data("\ufffd")


def read_feed(text: str, url: str, *, version: str = feedparser.__version__) -> FeedReading:
    """Return what feedparser makes of an XML text fetched from `url`.

    Text that is not well formed is read again without what XML cannot carry, and then by
    feedparser's forgiving parser. `version` is feedparser's: those in `FAST_WITH` are quicker.
    """
    read = _strict_reader(version)
    text = text.lstrip("\ufeff \t\r\n")
    declaration = XML_DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    _, data, _ = replace_doctype(text.encode("utf-8", "replace"))
    handler, problem = read(data, url)
    if problem:
        text = NOT_XML.sub("", text)
        _, data, entities = replace_doctype(text.encode("utf-8", "replace"))
        handler, again = read(data, url)
        if again:
            handler = _Loose(url, None, "unicode", entities)
            handler.document_url = url
            handler.feed(text)
    return FeedReading(handler.feeddata, handler.entries, handler.version, problem)


def _strict_reader(version: str) -> StrictReader:
    if version not in FAST_WITH:
        return read_plainly
    from newsletter.pulling.parse.strict_parser import read_fast

    return read_fast
