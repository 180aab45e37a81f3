"""HTML from outside rebuilt from an allow-list, and the plain text of the same words."""

import html
import re
from urllib.parse import urljoin

import nh3

TAGS = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "cite", "code", "dd", "del", "dl", "dt"}
    | {"em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre"}
    | {"q", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead"}
    | {"tr", "u", "ul", "div", "figcaption"}
)
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "bdo": {"dir"}, "*": {"dir", "lang"}}
SCHEMES = {"http", "https", "mailto", "tel"}
# Dropped with everything inside; all else that is not allowed loses its tags and keeps its words.
WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math"} | {
    "form", "button", "select", "textarea", "title", "head", "audio", "video", "canvas",
}  # fmt: skip
BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|blockquote|pre|table|tr|hr|figcaption|thead|tbody|tfoot)\b[^>]*>"
)
BREAK = re.compile(r"<br[^>]*>")
CELL = re.compile(r"</t[dh]>")
TAG = re.compile(r"<[^>]*>")
SPACES = re.compile(r"[^\S\n]+")
LINES = re.compile(r" ?\n ?")
PARAGRAPHS = re.compile(r"\n{2,}")
# Direction overrides can make a link or a name read as another one; marks and isolates stay.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2060\ufeff\u00ad]")


def clean(markup: str, base: str) -> str:
    """Safe HTML: allowed tags, absolute links, no pictures (drafts carry their own copies)."""
    if not markup:
        return ""
    return nh3.clean(
        markup,
        tags=set(TAGS),
        clean_content_tags=WITH_CONTENT,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
        url_relative=lambda url: absolute(url, base) or None,
    ).strip()


def plain(cleaned: str) -> str:
    """The words of cleaned HTML: paragraphs parted by a blank line, lines by a line break."""
    text = SPACES.sub(" ", cleaned.replace("\n", " "))
    text = BREAK.sub("\n", text)
    text = CELL.sub(" ", text)
    text = BLOCK.sub("\n\n", text)
    text = html.unescape(TAG.sub("", text)).replace("\u00a0", " ")
    text = UNSEEN.sub("", SPACES.sub(" ", text))
    return PARAGRAPHS.sub("\n\n", LINES.sub("\n", text)).strip()


def line(text: str, *, is_html: bool) -> str:
    """A title or a name as one line of plain text."""
    if is_html:
        words = nh3.clean(text, tags=set(), clean_content_tags={"script", "style"})
        text = html.unescape(words)
    return " ".join(UNSEEN.sub("", text).split())


def absolute(url: str, base: str) -> str:
    """The link made absolute; empty when it is none, or of a scheme we do not show."""
    try:
        found = urljoin(base, url.strip())
    except ValueError:
        return ""
    scheme, _, rest = found.partition(":")
    if scheme.lower() not in SCHEMES or not rest.strip("/"):
        return ""
    return found
