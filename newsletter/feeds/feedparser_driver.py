"""feedparser's own handlers, driven by us: no file or network, no sanitising, no "repair".

`feedparser.parse` re-decodes text that looks like mojibake, opens strings as files, and lets expat
report text in pieces of a few bytes. The handlers are public names of `feedparser.api`; what is
left out here is exactly what charset.py, fetch.py and the sanitiser of items do better.
"""

import io
import re
import xml.sax
import xml.sax.expatreader
import xml.sax.handler
import xml.sax.xmlreader
from typing import Any
from urllib.parse import urljoin

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype

XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# What XML 1.0 cannot carry at all; one such byte would cost the feed its strict reading.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

C1_CONTROL = re.compile("[\x80-\x9f]")


class _Expat(xml.sax.expatreader.ExpatParser):
    """Expat that hands text over in one piece: three times fewer calls into Python."""

    def reset(self) -> None:
        super().reset()
        expat: Any = vars(self)["_parser"]
        expat.buffer_size = 65_536
        expat.buffer_text = True


class _Right(str):
    """Text that is right as it is. feedparser maps C1 controls to what Windows-1252 meant by them,
    character by character; here only text that holds one pays for that."""

    __slots__ = ()

    def translate(self, table: Any, /) -> str:
        if self.isascii() or not C1_CONTROL.search(self):
            return str(self)
        return str.translate(self, table)


class _Resolving:
    """Relative links hang on xml:base, else on the feed's own link, else on the address fetched."""

    document_url = ""
    resolve_relative_uris = False
    sanitize_html = False
    baseuri: str
    inentry: int
    feeddata: Any

    def resolve_uri(self, uri: str) -> str:
        base = self.baseuri
        if not base or base == self.document_url:
            link = self.feeddata.get("link") if self.inentry else ""
            is_usable = bool(link) and link.startswith(("http://", "https://"))
            base = link if is_usable else self.document_url
        try:
            return urljoin(base, uri)
        except ValueError:
            return uri


class _Strict(_Resolving, StrictFeedParser):  # type: ignore[misc]
    contentparams: Any

    def push_content(self, *arguments: Any) -> None:
        """As feedparser's, with a plain dict where it keeps a slow one and asks it at every tag."""
        super().push_content(*arguments)
        self.contentparams = dict(self.contentparams)

    @staticmethod
    def decode_entities(element: str, data: str) -> str:
        return _Right(data)


class _Loose(_Resolving, LooseFeedParser):  # type: ignore[misc]
    def handle_charref(self, ref: str) -> None:
        """As feedparser's; a number that is no character (&#x110000;) costs only itself."""
        try:
            super().handle_charref(ref)
        except ValueError:
            self.handle_data("\ufffd")


def read_xml(text: str, url: str) -> tuple[Any, str]:
    """feedparser's parser after reading, and why the text is not well formed (empty when it is).

    Text that is not well formed is read again without what XML cannot carry, and then by
    feedparser's forgiving parser.
    """
    text = XML_DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"))
    # feedparser joins the base anew at every tag; without any xml:base in the text it need not.
    base = url if "base=" in text or "base =" in text else ""
    strict, problem, _ = _strictly(text, base, url)
    if not problem:
        return strict, ""
    strict, again, entities = _strictly(NOT_XML.sub("", text), base, url)
    if not again:
        return strict, problem
    loose = _Loose(url, None, "unicode", entities)
    loose.document_url = url
    loose.feed(NOT_XML.sub("", text))
    return loose, problem


def _strictly(text: str, base: str, url: str) -> tuple[Any, str, dict[str, str]]:
    _, data, entities = replace_doctype(text.encode("utf-8", "replace"))
    handler = _Strict(base, None, "unicode")
    handler.document_url = url
    reader = _Expat(namespaceHandling=1)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(handler)
    reader.setErrorHandler(handler)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + data))
    try:
        reader.parse(source)
    except xml.sax.SAXParseException as error:
        return handler, f"line {error.getLineNumber()}: {error.getMessage()}", entities
    except xml.sax.SAXException as error:
        return handler, str(error), entities
    return handler, "", entities
