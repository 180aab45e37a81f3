"""feedparser's own handlers, driven by us: no file or network, no sanitising, no "repair".

`feedparser.parse` re-decodes text that looks like mojibake, opens strings as files, and lets expat
report text in pieces of a few bytes. The handlers are public names of `feedparser.api`; what is
left out here is exactly what charset.py, fetch.py and the sanitiser of items do better.
"""

import re
import xml.parsers.expat
from typing import Any
from urllib.parse import urljoin

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype

XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# What XML 1.0 cannot carry at all; one such byte would cost the feed its strict reading.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

# A quarter of a usual feed's elements, of no use to a digest.
UNUSED = frozenset({"comments", "wfw:commentrss", "wfw:comment", "slash:comments", "thr:total"})
C1_CONTROL = re.compile("[\x80-\x9f]")


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
    """Fed by expat directly: the standard library's SAX layer costs as much as the parsing."""

    contentparams: Any
    decls: Any
    incontent: int

    def __init__(self, base: str) -> None:
        super().__init__(base, None, "unicode")
        self._unused = 0  # how deep we are inside an element that nobody asks for
        self._names: dict[str, str] = {}
        self._attribute_names: dict[str, tuple[str, str]] = {}

    def text_came(self, text: str) -> None:
        if not self._unused:
            self.handle_data(text)

    def push_content(self, *arguments: Any) -> None:
        """As feedparser's, with a plain dict where it keeps a slow one and asks it at every tag."""
        super().push_content(*arguments)
        self.contentparams = dict(self.contentparams)

    @staticmethod
    def decode_entities(element: str, data: str) -> str:
        return _Right(data)

    def namespace_began(self, prefix: str | None, uri: str | None) -> None:
        """A prefix was declared: names may mean something else from here on."""
        self.startPrefixMapping(prefix, uri)
        self._names.clear()

    def element_began(self, triplet: str, attributes: dict[str, str]) -> None:
        """`triplet`: namespace, local name and prefix, as far as there are, parted by blanks."""
        name = self._names.get(triplet) or self._named(triplet)
        if self._unused or (name in UNUSED and not self.incontent):
            self._unused += 1
            return
        said, self.decls = self.decls, {}
        if name.endswith(("math", "svg")) and " " in triplet:
            said["xmlns"] = triplet.split(" ")[0]
        for key, value in attributes.items():
            known, qualified = self._attribute_names.get(key) or self._attribute(key)
            said[known] = value
            said[qualified] = value
        self.unknown_starttag(name, list(said.items()))

    def element_ended(self, triplet: str) -> None:
        if self._unused:
            self._unused -= 1
            return
        self.unknown_endtag(self._names.get(triplet) or self._named(triplet))

    def _named(self, triplet: str) -> str:
        """As feedparser names elements: by the prefix it knows a namespace under, else its own."""
        namespace, local = self._split(triplet)
        prefix = self._matchnamespaces.get(namespace.lower())
        if "backend.userland.com/rss" in namespace.lower():
            prefix = self._matchnamespaces.get("http://backend.userland.com/rss")
        if not prefix and namespace and prefix is None:
            in_use = self.namespaces_in_use.items()
            prefix = next((name for name, uri in in_use if name and uri == namespace), None)
        name = f"{prefix}:{local}".lower() if prefix else local.lower()
        self._names[triplet] = name
        return name

    def _attribute(self, triplet: str) -> tuple[str, str]:
        """An attribute's name under the prefix that feedparser knows, and under its own."""
        namespace, local = self._split(triplet)
        prefix = self._matchnamespaces.get(namespace.lower(), "") if namespace else ""
        parts = triplet.split(" ")
        qualified = f"{parts[2]}:{local}" if len(parts) == 3 else local
        names = (f"{prefix}:{local}" if prefix else local).lower(), qualified.lower()
        self._attribute_names[triplet] = names
        return names

    @staticmethod
    def _split(triplet: str) -> tuple[str, str]:
        parts = triplet.split(" ")
        return (parts[0], parts[1]) if len(parts) > 1 else ("", triplet)


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
    handler = _Strict(base)
    handler.document_url = url
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
