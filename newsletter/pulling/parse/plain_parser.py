"""feedparser's strict parser by its public names: slower than strict_parser.py, for any version."""

import xml.sax
import xml.sax.handler
from io import BytesIO
from typing import Any, NamedTuple

from feedparser.api import StrictFeedParser

from newsletter.model.address import joined


class StrictReading(NamedTuple):
    """feedparser's handler after reading; `problem` says why the text is not XML, or is empty."""

    handler: Any
    problem: str


class Resolving:
    """Relative links hang on xml:base, else on the feed's own link, else on the address fetched."""

    document_url = ""
    resolve_relative_uris = False
    sanitize_html = False
    baseuri: str
    inentry: int
    intextinput: int
    feeddata: Any

    def _start_textinput(self, attributes: Any) -> None:
        super()._start_textinput(attributes)  # type: ignore[misc]
        if self.inentry:  # feedparser looks for its parts in the feed's own box: a KeyError
            self.intextinput = 0

    def resolve_uri(self, uri: str) -> str:
        base = self.baseuri
        if not base or base == self.document_url:
            link = self.feeddata.get("link") if self.inentry else ""
            is_usable = bool(link) and link.startswith(("http://", "https://"))
            base = link if is_usable else self.document_url
        try:
            return joined(base, uri)
        except ValueError:
            return uri


class _Plain(Resolving, StrictFeedParser):  # type: ignore[misc]
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
