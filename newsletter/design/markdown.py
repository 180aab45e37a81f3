"""The editors' Markdown -> HTML and plain text, safe by construction: no raw HTML, few schemes.

CommonMark plus tables. Nothing here lets HTML, an image or a script through, so no sanitiser is
needed behind it. Headings are brought under the heading they stand below.
"""

from functools import cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from newsletter.design.bidi_gettext import isolate_numbers
from newsletter.design.mjml import without_controls
from newsletter.design.plain_text import plain_text
from newsletter.design.tables import shown_tables
from newsletter.model.language import direction

SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms"})


def is_safe_link(url: str) -> bool:
    """Return whether a link may stand in a message: absolute, and of a scheme that runs nothing."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    scheme = parts.scheme.lower()
    return scheme in SCHEMES and bool(parts.netloc if scheme in {"http", "https"} else parts.path)


def safe_link(url: str) -> str:
    """Return the link where it may stand in a message, else nothing."""
    return url if is_safe_link(url) else ""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.validateLink = is_safe_link  # type: ignore[method-assign]
    return parser


def _without_empty_heads(tokens: list[Token]) -> list[Token]:
    """Tables without the row of columns' names where no column has one, which Markdown wants."""
    kept: list[Token] = []
    head: list[Token] | None = None
    for token in tokens:
        if token.type == "thead_open":
            head = []
        if head is None:
            kept.append(token)
        else:
            head.append(token)
        if token.type == "thead_close" and head is not None:
            has_names = any(one.content.strip() for one in head if one.type == "inline")
            kept += head if has_names else ()
            head = None
    return kept


class Prose:
    """A piece of Markdown in a language, parsed once: `html(level)` and `text`."""

    __slots__ = ("_shown", "_tokens")

    def __init__(self, source: str, language: str = "") -> None:
        source = without_controls(source).strip()
        self._tokens = _without_empty_heads(_parser().parse(source) if source else [])
        for token in self._tokens:
            token.info = ""  # nor are there words that only a mouse, or nobody, finds
            for child in token.children or ():
                child.attrs.pop("title", None)
                if child.markup == "autolink" and child.type == "link_open":
                    child.attrSet("class", "h")  # its words are its address: print shows it once
        if direction(language) == "rtl":
            for token in self._tokens:
                for child in token.children or ():
                    if child.type == "text":
                        child.content = isolate_numbers(child.content)

        start = "right" if direction(language) == "rtl" else "left"
        self._shown = shown_tables(self._tokens, start=start)

    def __bool__(self) -> bool:
        return bool(self._tokens)

    def html(self, level: int) -> Markup:
        """Return HTML whose headings are all `<hN>`, `level` being the N that may follow here."""
        renderer = _parser().renderer
        assert isinstance(renderer, RendererHTML)
        for token in self._shown:
            if token.type in {"heading_open", "heading_close"}:
                token.tag = f"h{level}"
        html = renderer.render(self._shown, _parser().options, {}).strip()
        # mrml drops a newline between two tags, and glues two links together; it keeps a space.
        return Markup(html.replace(">\n<", "> <"))  # noqa: S704  # built by the parser above

    @property
    def text(self) -> str:
        """Plain text: paragraphs parted by a blank line, links as `words <address>`."""
        return plain_text(self._tokens)
