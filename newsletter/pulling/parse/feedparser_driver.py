"""feedparser's own handlers, driven by us: no file or network, no sanitising, no "repair".

`feedparser.parse` re-decodes text that looks like mojibake, opens strings as files, and lets expat
report text in pieces of a few bytes. The handlers are public names of `feedparser.api`; what is
left out here is exactly what charset.py, fetch.py and the sanitiser of items do better.
"""

import re
import xml.parsers.expat
from typing import Any

from feedparser.api import LooseFeedParser
from feedparser.sanitizer import replace_doctype

from newsletter.pulling.parse.strict_parser import Resolving, Strict

XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# What XML 1.0 cannot carry at all; one such byte would cost the feed its strict reading.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# C1 controls as they are in UTF-8, and as references. Two patterns: each finds its start by itself.
C1_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
C1_REFERENCE = re.compile(rb"&#(?:0*(?:12[89]|1[345][0-9])|[xX]0*[89][0-9a-fA-F]);")


class _Loose(Resolving, LooseFeedParser):  # type: ignore[misc]
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
    text = text.lstrip("\ufeff \t\r\n")
    declaration = XML_DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
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
    handler = Strict(base)
    handler.document_url = url
    handler.has_c1_controls = bool(C1_CONTROL.search(data) or C1_REFERENCE.search(data))
    parser = xml.parsers.expat.ParserCreate("utf-8", " ")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.buffer_size = 65_536
    parser.StartNamespaceDeclHandler = handler.namespace_began
    parser.StartElementHandler = handler.element_began
    parser.EndElementHandler = handler.element_ended
    parser.CharacterDataHandler = handler.text_came
    problem = ""
    try:
        parser.Parse(data, True)
    except xml.parsers.expat.ExpatError as error:
        problem = f"line {error.lineno}: {xml.parsers.expat.ErrorString(error.code)}"
    # The parser holds the handler, and the handler's methods hold the handler.
    parser.StartNamespaceDeclHandler = parser.StartElementHandler = None
    parser.EndElementHandler = parser.CharacterDataHandler = None
    return handler, problem, entities
