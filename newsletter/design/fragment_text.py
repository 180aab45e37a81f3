"""A piece of MJML or HTML -> plain text that loses no word and no link: what a kind of section says
in the text part where it has no `.txt` of its own.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsletter.design.bidi_gettext import Gettext
from newsletter.design.plain_text import wrap

_BLOCKS = frozenset({
    "blockquote", "caption", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "table", "tbody", "tfoot", "thead", "tr", "ul", "mj-button",
    "mj-column", "mj-group", "mj-image", "mj-section", "mj-table", "mj-text", "mj-wrapper",
})  # fmt: skip
_TIGHT = frozenset({"li", "tr"})  # no blank line between two of them
_CELLS = frozenset({"td", "th"})
_UNREAD = frozenset({"mj-style", "script", "style"})
_VOID = frozenset({"br", "hr", "img", "mj-image"})
_TITLES = frozenset({"h1", "h2", "h3"})


def fragment_text(markup: str, gettext: Gettext) -> str:
    """Write its words in blocks parted by a blank line; a link is `words <address>`."""
    reader = _Reader(gettext)
    reader.feed(markup)
    reader.close()
    reader.end_block()
    return "\n\n".join(reader.blocks)


@dataclass
class _Open:
    """A tag that is open: the block's words at its start, a link's address, a list's next mark."""

    tag: str
    at: int
    href: str = ""
    number: int | None = None


@dataclass
class _Reader(HTMLParser):
    gettext: Gettext
    blocks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[_Open] = []
        self._words: list[str] = []
        self._unread = 0  # how many tags are open within one that nobody reads
        self._mark = self._last = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if self._unread or tag in _UNREAD or said.get("aria-hidden") == "true":
            self._unread += tag not in _VOID
            return
        if tag in _BLOCKS:
            self.end_block()
        if tag == "br":
            self._words.append("\n")
        elif tag in _CELLS and "".join(self._words).strip():
            self._words.append(" · ")
        elif tag in {"img", "mj-image"} and said.get("alt", "").strip():
            self._words.append(self.gettext("[Picture: %(alt)s]", alt=said["alt"]) + " ")
        if tag == "li":
            self._mark = self._next_mark()
        elif tag in _TITLES:
            self._mark = "* "
        if tag not in _VOID:
            number = int(said["start"]) if said.get("start", "").isdigit() else 1
            of_list = number if tag == "ol" else None
            self._open.append(_Open(tag, len(self._words), said.get("href", ""), of_list))
        elif href := said.get("href"):
            self._words.append(f"<{href}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unread:
            self._unread -= tag not in _VOID
            return
        if tag not in (one.tag for one in self._open):
            return
        while True:
            closed = self._open.pop()
            self._close(closed)
            if closed.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._words.append(data.replace("\n", " "))

    def _close(self, closed: _Open) -> None:
        words = "".join(self._words[closed.at :])
        address = closed.href.removeprefix("mailto:").removeprefix("tel:").removeprefix("sms:")
        said = words if address == closed.href else "".join(words.split()).replace("-", "")
        if address and address not in said:
            self._words.append(f" <{address}>")
        if closed.tag in _BLOCKS:
            self.end_block(closed.tag)

    def _next_mark(self) -> str:
        listed = next((one for one in reversed(self._open) if one.tag in {"ol", "ul"}), None)
        if listed is None or listed.number is None:
            return "- "
        listed.number += 1
        return f"{listed.number - 1}. "

    def end_block(self, tag: str = "") -> None:
        """Write what was said since the last block, whose tag ends here perhaps."""
        lines = [" ".join(line.split()) for line in "".join(self._words).split("\n")]
        words = "\n".join(line for line in lines if line)
        if words:
            block = wrap(f"{self._mark}{words}", indent="" if self._mark == "* " else "  ")
            if tag in _TIGHT and self._last == tag:
                block = f"{self.blocks.pop()}\n{block}"
            self.blocks.append(block)
            self._last, self._mark = tag, ""
        self._words = []
        for one in self._open:
            one.at = 0
