"""Every word of an edition that a reader can see or hear, or that its links carry."""

from html.parser import HTMLParser
from urllib.parse import unquote_plus

from newsletter.model.message import RenderedEdition

_READ_OUT = frozenset({"alt", "title", "aria-label", "summary", "href"})
_WITHIN_WORDS = frozenset(
    ["a", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"]
)
_UNREAD = frozenset({"style", "script"})


def leaving_words(edition: RenderedEdition) -> str:
    """Return the subject, preheader, both forms of the text, pictures' descriptions and links."""
    reader = _Reader()
    reader.feed(edition.html)
    reader.close()
    alts = (picture.alt for picture in edition.pictures)
    parts = (edition.subject, edition.preheader, edition.text, "".join(reader.words))
    return "\n\n".join(filter(None, (*parts, *reader.beside, *alts)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.beside: list[str] = []  # in attributes: they stand between no words that are read
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        self._part(tag)
        for name, value in attrs:
            if value and name in _READ_OUT:
                self.beside.append(unquote_plus(value) if name == "href" else value)

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
