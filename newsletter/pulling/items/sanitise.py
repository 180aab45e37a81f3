"""HTML from outside rebuilt from an allow-list, and the plain text of the same words."""

import html
import re
from urllib.parse import quote

import nh3

from newsletter.model.address import joined_if_valid
from newsletter.pulling.items.tables import with_tables_as_lines

TAGS = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "cite", "code", "dd", "del", "dl", "dt"}
    | {"em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "ol", "p", "pre"}
    | {"q", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead"}
    | {"tr", "u", "ul", "div", "figcaption"}
)
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "bdo": {"dir"}, "*": {"dir", "lang"}} | {
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel"}
# Dropped with everything inside; all else that is not allowed loses its tags and keeps its words.
WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math"} | {
    "form", "button", "select", "textarea", "title", "head", "audio", "video", "canvas",
}  # fmt: skip
BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|blockquote|pre|table|tr|hr|figcaption|thead|tbody|tfoot)"
    r'(?: [^>"]*(?:"[^"]*"[^>"]*)*)?>'
)
BREAK = "\x00"  # no HTML parser lets one through
BARE_TAG = re.compile("<[^>]*>")  # where nothing is quoted
TAG = re.compile(r'<[^>"]*(?:"[^"]*"[^>"]*)*>')
NO_ADDRESS = re.compile(r"[\s\"<>\\^`{|}]")
# Direction overrides can make a link or a name read as another one; marks and isolates stay.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2060\ufeff\u00ad]")


class Sanitiser:
    """Cleans the pieces of one document. Made once for it: the allow-list is costly to set up."""

    def __init__(self) -> None:
        # A cell of its own: nh3's cleaner is not seen by the garbage collector, and were it to hold
        # this object, neither would ever go.
        base = self._base = [""]
        self._rebuild = nh3.Cleaner(
            tags=set(TAGS),
            clean_content_tags=WITH_CONTENT,
            attributes=ATTRIBUTES,
            url_schemes=SCHEMES,
            link_rel=None,
            url_relative=lambda url: absolute(url, base[0]) or None,
        ).clean

    def clean(self, markup: str, base: str) -> str:
        """Return safe HTML: allowed tags, absolute links, no pictures (drafts carry copies)."""
        if not markup:
            return ""
        self._base[0] = base
        return self._rebuild(markup).strip()


def plain(cleaned: str) -> str:
    """Return the words of cleaned HTML: a blank line between paragraphs, `<br>` as line breaks.

    A table is a paragraph of lines, as tables.py has it.
    """
    if "<table" in cleaned:
        cleaned = with_tables_as_lines(cleaned)
    text = cleaned.replace("<br>", BREAK).replace("</td>", " ").replace("</th>", " ")
    paragraphs = []
    for part in BLOCK.split(text):
        if not part or part.isspace():
            continue
        if "<" in part:
            part = (TAG if '"' in part else BARE_TAG).sub("", part)
        if "&" in part:
            part = html.unescape(part)
        if BREAK in part:
            part = "\n".join(" ".join(row.split()) for row in part.split(BREAK)).strip("\n")
        else:
            part = " ".join(part.split())
        if part:
            paragraphs.append(part)
    return _seen("\n\n".join(paragraphs))


def line(text: str, *, is_html: bool) -> str:
    """Return a title or a name as one line of plain text."""
    if is_html and "<" in text:
        text = nh3.clean(text, tags=set(), clean_content_tags={"script", "style"})
    if is_html and "&" in text:
        text = html.unescape(text)
    return _seen(" ".join(text.split()))


def _seen(text: str) -> str:
    """The text without what is not seen; none of that is printable, which is quicker to ask."""
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    return UNSEEN.sub("", text)


def absolute(url: str, base: str) -> str:
    """Return the link made absolute; "" when it is none, or of a scheme that we do not show."""
    link = joined_if_valid(base, _seen(url).strip())
    scheme, _, rest = link.partition(":")
    return link if scheme.lower() in SCHEMES and rest.strip("/") else ""


def web_link(url: str, base: str) -> str:
    """Return the link made absolute when it leads to a web page or file, else "".

    What an address cannot have (RFC 3986 2) is percent-encoded, as browsers do.
    """
    link = absolute(url, base) if url.strip() else ""  # an absent one would lead to the page itself
    if not link.startswith(("http://", "https://")):
        return ""
    return NO_ADDRESS.sub(lambda match: quote(match[0]), link)
