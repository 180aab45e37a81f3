"""feedparser's strict parser by its public names: slower than strict_parser.py, for any version."""

import xml.sax
import xml.sax.handler
from io import BytesIO
from typing import Any, NamedTuple

from feedparser.api import StrictFeedParser

from newsletter.pulling.parse.handlers import OwnHandlers


class StrictReading(NamedTuple):
    """feedparser's handler after reading; `problem` says why the text is not XML, or is empty."""

    handler: Any
    problem: str


class _Plain(OwnHandlers, StrictFeedParser):  # type: ignore[misc]
    """feedparser's handlers as they are."""


def read_plainly(data: bytes, url: str) -> StrictReading:
    """Read UTF-8 whose DOCTYPE was replaced, fetched from `url`, through `xml.sax`."""
    handler = _Plain(base_if_needed(data, url), None, "unicode")
    handler.document_url = url
    reader = xml.sax.make_parser()  # noqa: S317 - no DOCTYPE is left in the data, in a worker
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(handler)
    try:
        reader.parse(BytesIO(data))
    except xml.sax.SAXParseException as error:
        return StrictReading(handler, f"line {error.getLineNumber()}: {error.getMessage()}")
    return StrictReading(handler, "")


def base_if_needed(data: bytes, url: str) -> str:
    """Return `url`, or "" where no xml:base is: feedparser joins the two again at every tag."""
    return url if b"base=" in data or b"base =" in data else ""
