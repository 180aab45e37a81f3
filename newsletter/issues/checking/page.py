"""A rendered HTML document read back: its elements, their words and its comments."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_SPOKEN = frozenset({"a", "h1", "h2", "h3", "h4", "h5", "h6", "title", "style"})
_VOID = frozenset({"br", "hr", "img", "link", "meta"})


@dataclass(slots=True)
class Element:
    """One element. `text` is kept for links, headings, the title and styles only."""

    tag: str
    attrs: dict[str, str]
    text: str = ""


@dataclass(slots=True)
class Page:
    """The document's elements and comments in order; `words` is what a reader can see or hear,
    `directions` says of each which way the element around it runs."""

    elements: list[Element] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    directions: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        """Return the elements with one of those tags, in order."""
        return [element for element in self.elements if element.tag in tags]

    @property
    def styles(self) -> str:
        """All CSS: of style elements and of attributes."""
        parts = [element.text for element in self.all("style")]
        parts += [element.attrs["style"] for element in self.elements if "style" in element.attrs]
        return "\n".join(parts)


def read_page(source: str) -> Page:
    """Return a document's elements, with the words of links, headings, title and styles."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    for element in reader.page.elements:
        if element.text and element.tag != "style":
            element.text = " ".join(element.text.split())
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[Element] = []
        self._around: list[tuple[str, str]] = []  # each open tag, and which way its words run

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag=tag, attrs={name: value or "" for name, value in attrs})
        self.page.elements.append(element)
        if tag == "img":  # its words are those of a link around it
            for link in self._open:
                link.text += f"{element.attrs.get('alt', '')} " if link.tag == "a" else ""
        if tag in _SPOKEN:
            self._open.append(element)
        if tag not in _VOID:
            above = self._around[-1][1] if self._around else "ltr"
            self._around.append((tag, element.attrs.get("dir", above)))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == one for one, _ in self._around):
            while self._around.pop()[0] != tag:  # what was left open inside it ends with it
                pass
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
        if not (self._open and self._open[-1].tag in {"style", "title"}) and not data.isspace():
            self.page.words.append(data)
            self.page.directions.append(self._around[-1][1] if self._around else "ltr")

    def handle_comment(self, data: str) -> None:
        self.page.comments.append(data)
