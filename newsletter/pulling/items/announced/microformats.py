"""Events that HTML describes by its attributes: schema.org microdata, h-event and hCalendar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from newsletter.pulling.items.sanitise import TAGS

_MOST = 50  # events of a page
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}) | {
    "source", "track", "wbr",
}  # fmt: skip
_PROPERTIES = {
    "startdate": "starts",
    "dt-start": "starts",
    "dtstart": "starts",
    "enddate": "ends",
    "dt-end": "ends",
    "dtend": "ends",
    "location": "place",
    "p-location": "place",
    "eventstatus": "status",
    "url": "url",
    "u-url": "url",
}
_TAGS = {*TAGS, "address", "article", "footer", "header", "link", "main", "meta", "section"} | {
    "span", "time",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "itemprop", "itemscope", "itemtype", "datetime", "content", "title"},
    "a": {"href"},
    "link": {"href"},
}
_ROOTS = frozenset({"h-event", "vevent"})
_DEEPEST = 200  # elements open at once; what is inside is not looked at
_TYPE = re.compile(
    r"(?:https?://schema\.org/)?(?:\w+/)*(?!Delivery|Publication|Broadcast|OnDemand)"
    r"(?:\w*Event|Festival)(?:/\w+)*/?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """What markup says of an event, as it says it; empty where it says nothing."""

    starts: str = ""
    ends: str = ""
    place: str = ""
    online: str = ""
    status: str = ""
    url: str = ""


@dataclass(slots=True)
class _Open:
    """An element that is open: of an event, or of one of its properties."""

    tag: str
    is_event: bool = False
    name: str = ""
    words: list[str] = field(default_factory=list)


def is_event_type(name: object) -> bool:
    """Return whether a type is schema.org's Event or one of its kinds that people come to."""
    return isinstance(name, str) and _TYPE.fullmatch(name) is not None


def described_in(markup: str) -> list[Described]:
    """Find the events that a page's or a post's markup describes."""
    if "itemprop" not in markup and not any(root in markup for root in _ROOTS):
        return []
    reader = _Reader()
    # Rebuilt first: Python's parser looks at what is left unclosed again and again.
    reader.feed(nh3.clean(markup, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None))
    reader.close()
    return [Described(**values) for values in reader.found]


class _Reader(HTMLParser):
    """Takes note of each event's properties; those of an event inside another are its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[dict[str, str]] = []
        self._open: list[_Open] = []
        self._events: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if len(self._open) >= _DEEPEST:
            return
        element = _Open(tag)
        if self._is_event(values) and len(self.found) < _MOST:
            element.is_event = True
            self._events.append({})
            self.found.append(self._events[-1])
        elif self._events:
            element.name = next(self._named(values), "")
            said = _value(tag, values)
            if element.name and said:
                self._events[-1].setdefault(element.name, said)
                element.name = ""
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        at = next(
            (at for at in reversed(range(len(self._open))) if self._open[at].tag == tag), None
        )
        if at is None:
            return
        for element in reversed(self._open[at:]):
            if element.is_event:
                self._events.pop()
            elif element.name and self._events:
                said = " ".join(" ".join(element.words).split())
                if said:
                    self._events[-1].setdefault(element.name, said)
        del self._open[at:]

    def handle_data(self, data: str) -> None:
        for element in self._open:
            if element.name:
                element.words.append(data)

    @staticmethod
    def _is_event(values: dict[str, str]) -> bool:
        return is_event_type(values.get("itemtype")) or not _ROOTS.isdisjoint(
            values.get("class", "").split()
        )

    @staticmethod
    def _named(values: dict[str, str]) -> Iterator[str]:
        for name in (*values.get("itemprop", "").split(), *values.get("class", "").split()):
            if name.lower() in _PROPERTIES:
                yield _PROPERTIES[name.lower()]


def _value(tag: str, values: dict[str, str]) -> str:
    """What an element says by an attribute; "" where it says it by its words."""
    if "itemscope" in values:
        return ""
    for name in ("datetime", "content"):
        if values.get(name):
            return values[name].strip()
    if tag in ("a", "link") and ("itemprop" in values or "u-url" in values.get("class", "")):
        return values.get("href", "").strip()
    return values.get("title", "").strip() if tag == "abbr" else ""
