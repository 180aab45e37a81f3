"""feedparser's handlers of elements, quicker for the elements that most feeds are made of.

feedparser asks at every element what only a few can answer with yes: does it change the base or the
language, is it markup inside a text, does its text hold C1 controls. Here those few go feedparser's
own way, and the others a shorter one to the same result: 1,957 files of feedparser's and the feed
validator's suites and 87 real feeds are read alike.
"""

import re
import xml.parsers.expat
from dataclasses import dataclass
from typing import Any

from feedparser.api import StrictFeedParser

from newsletter.pulling.parse.entry_dict import EntryDict
from newsletter.pulling.parse.handlers import OwnHandlers
from newsletter.pulling.parse.plain_parser import StrictReading, base_if_needed

# A quarter of a usual feed's elements, of no use to a digest.
UNUSED = frozenset({"comments", "wfw:commentrss", "wfw:comment", "slash:comments", "thr:total"})
# What feedparser itself has to see: attributes that change what is inside, and elements that it
# keeps in a way of its own.
SCOPED = frozenset({"base", "xml:base", "lang", "xml:lang", "xmlns"})
# C1 controls as they are in UTF-8, and as references. Two patterns: each finds its start by itself.
C1_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
C1_REFERENCE = re.compile(rb"&#(?:0*(?:12[89]|1[345][0-9])|[xX]0*[89][0-9a-fA-F]);")
DETAILS = ("type", "language", "base", "src")
LISTS = frozenset({"category", "tags", "itunes_keywords"})
IN_TEXT_INPUT = frozenset({"title", "link", "description", "name"})
IN_IMAGE = frozenset({"title", "link", "description", "url", "href", "width", "height"})


def read_fast(data: bytes, url: str) -> StrictReading:
    """Read UTF-8 whose DOCTYPE was replaced, as `StrictReader` says."""
    handler = _Strict(base_if_needed(data, url))
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
    return StrictReading(handler, problem)


class _Right(str):
    """Text without C1 controls: feedparser maps those to what Windows-1252 meant by them, which it
    looks for character by character."""

    __slots__ = ()

    def translate(self, table: Any, /) -> str:
        return str(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Name:
    """An element's name, and what feedparser makes of it under the prefixes known now."""

    name: str
    key: str  # where its value is kept when there is no method for it
    start: str  # the method for its beginning, if there is one; and for its end
    end: str
    ends_text_input: bool
    ends_image: bool


class _Strict(OwnHandlers, StrictFeedParser):  # type: ignore[misc]
    """Fed by expat directly: the standard library's SAX layer costs as much as the parsing.

    The methods that see every element are feedparser's, without the questions that these elements
    do not raise: what can raise one goes feedparser's own way.
    """

    has_c1_controls = True
    basestack: list[str]
    contentparams: Any
    decls: Any
    depth: int
    elementstack: list[Any]
    entries: list[Any]
    incontent: int
    langstack: list[str | None]
    property_depth_map: dict[Any, dict[str, int]]

    def __init__(self, base: str) -> None:
        super().__init__(base, None, "unicode")
        self.contentparams, self.feeddata = {}, EntryDict(self.feeddata)
        self._unused = 0  # how deep we are inside an element that nobody asks for
        self._names: dict[str, _Name] = {}
        self._attribute_names: dict[str, tuple[str, str]] = {}

    def text_came(self, text: str) -> None:
        if self._unused or not self.elementstack:
            return
        if self.contentparams.get("type") == "application/xhtml+xml":
            self.handle_data(text)
        else:
            self.elementstack[-1][2].append(text)

    def _start_item(self, attributes: dict[str, str]) -> None:
        super()._start_item(attributes)
        self.entries[-1] = EntryDict(self.entries[-1])

    _start_entry = _start_item

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        """As feedparser's, but for comparing each with all before it: xml_feed.py does that."""
        tags = self._get_context().setdefault("tags", [])
        if term or scheme or label:
            tags.append({"term": term, "scheme": scheme, "label": label})

    def push_content(self, *arguments: Any) -> None:
        """Do as feedparser does, with a plain dict for the slow one that it asks at each tag."""
        super().push_content(*arguments)
        self.contentparams = dict(self.contentparams)

    def decode_entities(self, element: str, data: str) -> str:
        return data if self.has_c1_controls else _Right(data)

    def namespace_began(self, prefix: str | None, uri: str | None) -> None:
        """Take note of a declared prefix: names may mean something else from here on."""
        known = self.namespacemap.copy(), self.namespaces_in_use.copy()
        self.startPrefixMapping(prefix, uri)
        if known != (self.namespacemap, self.namespaces_in_use):  # many declare it in each entry
            self._names.clear()

    def element_began(self, triplet: str, attributes: dict[str, str]) -> None:
        """Start an element. `triplet` is its namespace, local name and prefix, as far as there are,
        parted by blanks."""
        known = self._names.get(triplet) or self._named(triplet)
        if self._unused or (known.name in UNUSED and not self.incontent):
            self._unused += 1
            return
        values, self.decls = self.decls, {}
        is_plain = not values and not self.incontent
        if known.name.endswith(("math", "svg")) and " " in triplet:
            values["xmlns"] = triplet.split(" ")[0]
        for key, value in attributes.items():
            usual, qualified = self._attribute_names.get(key) or self._attribute(key)
            values[usual] = values[qualified] = value
        if is_plain and SCOPED.isdisjoint(values):
            self._began(known, values)
        else:
            self.unknown_starttag(known.name, list(values.items()))

    def _began(self, known: _Name, values: dict[str, str]) -> None:
        """`unknown_starttag` of an element that is no markup of a text and changes no scope."""
        self.depth += 1
        self.basestack.append(self.baseuri)
        self.langstack.append(self.lang)
        has_attributes = bool(values)
        if has_attributes:
            for name in ("rel", "type"):
                if name in values:
                    values[name] = values[name].lower()
        if known.ends_text_input:
            self.intextinput = 0
        if known.ends_image:
            self.inimage = 0
        if known.start:
            try:
                getattr(self, known.start)(values)
                return
            except AttributeError:
                pass  # feedparser's handlers of elements where it has no place for them
        if has_attributes:
            self._get_context()[known.key] = values
        else:
            self.push(known.key, 1)

    def element_ended(self, triplet: str) -> None:
        if self._unused:
            self._unused -= 1
            return
        known = self._names.get(triplet) or self._named(triplet)
        if self.svgOK or self.incontent:
            self.unknown_endtag(known.name)
            return
        if known.end:
            try:
                getattr(self, known.end)()
            except AttributeError:
                self.pop(known.key)
        else:
            self.pop(known.key)
        self.basestack.pop()
        if self.basestack and self.basestack[-1]:
            self.baseuri = self.basestack[-1]
        self.langstack.pop()
        if self.langstack:
            self.lang = self.langstack[-1]
        self.depth -= 1

    def pop(self, element: str, strip_whitespace: int = 1) -> Any:
        """Do as feedparser does; shorter for text in an entry, as most elements of a feed are."""
        stack, params = self.elementstack, self.contentparams
        media_type = params.get("type", "") if self.incontent else ""
        if (
            not self.inentry
            or self.insource
            or self.has_c1_controls
            or element == "link"
            or params.get("base64")
            or media_type == "application/xhtml+xml"
            or not stack
            or stack[-1][0] != element
        ):
            return super().pop(element, strip_whitespace)
        _, is_wanted, pieces = stack.pop()
        text = "".join(pieces).strip()
        if not is_wanted:
            return text
        if text and element in self.can_be_relative_uri and (element != "id" or self.guidislink):
            text = self.resolve_uri(text)
        if media_type == "text/plain" and not self.version.startswith("atom"):
            params["type"] = "text/html" if self.looks_like_html(text) else media_type
        self._keep(element, text)
        return text

    def _keep(self, element: str, text: str) -> None:
        """Where `pop` puts an element's text, for elements of an entry."""
        entry = self.entries[-1]
        detail = {"value": text}
        if self.incontent:
            detail |= {key: self.contentparams[key] for key in DETAILS if key in self.contentparams}
        if element in LISTS or (element == "title" and -1 < self.title_depth <= self.depth):
            return
        if element == "content":
            entry.setdefault(element, []).append(detail)
            return
        name = "summary" if element == "description" else element
        depths = self.property_depth_map.setdefault(entry, {})
        if depths.get(name, self.depth) >= self.depth:
            depths[name] = self.depth
            entry[name] = text
        if self.incontent:
            entry[f"{name}_detail"] = detail

    def _named(self, triplet: str) -> _Name:
        """As feedparser names elements: by the prefix it knows a namespace under, else its own."""
        namespace, local = self._split(triplet)
        prefix = self._matchnamespaces.get(namespace.lower())
        if "backend.userland.com/rss" in namespace.lower():
            prefix = self._matchnamespaces.get("http://backend.userland.com/rss")
        if not prefix and namespace and prefix is None:
            in_use = self.namespaces_in_use.items()
            prefix = next((name for name, uri in in_use if name and uri == namespace), None)
        name = f"{prefix}:{local}".lower() if prefix else local.lower()
        prefix, _, suffix = name.rpartition(":")
        prefix = self.namespacemap.get(prefix, prefix)
        key = f"{prefix}_{suffix}" if prefix else suffix
        start, end = f"_start_{key}", f"_end_{key}"
        known = self._names[triplet] = _Name(
            name=name,
            key=key,
            start=start if hasattr(self, start) else "",
            end=end if hasattr(self, end) else "",
            ends_text_input=not prefix and name not in IN_TEXT_INPUT,
            ends_image=not prefix and name not in IN_IMAGE,
        )
        return known

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
