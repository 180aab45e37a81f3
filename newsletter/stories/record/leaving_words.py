"""Every word of an edition that a reader can see or hear, wherever in it."""

from html.parser import HTMLParser

from newsletter.model.message import RenderedEdition

_READ_OUT = frozenset({"alt", "title", "aria-label", "summary"})
_WITHIN_WORDS = frozenset(
    ["a", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"]
)
_UNREAD = frozenset({"style", "script"})


def leaving_words(edition: RenderedEdition) -> str:
    """Return the subject, the preheader, both forms of the text and the pictures' descriptions."""
    reader = _Reader()
    reader.feed(edition.html)
    reader.close()
    alts = (picture.alt for picture in edition.pictures)
    parts = (edition.subject, edition.preheader, edition.text, "".join(reader.words), *alts)
    return "\n\n".join(filter(None, parts))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        self._part(tag)
        self.words += [f"\n{value}\n" for name, value in attrs if name in _READ_OUT and value]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD and self._unread > 0
        self._part(tag)

    def _part(self, tag: str) -> None:
        """Two cells or paragraphs do not make one word; two halves of an emphasized one do."""
        if tag not in _WITHIN_WORDS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.words.append(data)
