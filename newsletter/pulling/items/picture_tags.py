"""The pictures that an HTML body shows: where they lie, how large they say they are, what for."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

TAG = re.compile(r"<(/?[a-zA-Z]+)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
# Without IGNORECASE, which has `re` look at every character and not only at each `<`.
SHOWN = re.compile(r"<(?:[iI][mM][gG]|[sS][oO][uU][rR][cC][eE]|/[pP][iI][cC][tT][uU][rR][eE])\b")
ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
# WordPress's and other loaders' attributes; the original file is the largest, so it comes last.
LAZY = ("data-src", "data-lazy-src", "data-original", "data-large-file", "data-orig-file")
STYLE = re.compile(
    r"(?:^|;)\s*(?:max-)?(width|height)\s*:\s*([\d.]+)(?:px)?\s*(?:!important)?\s*(?=;|$)"
)
UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
NAMED_SIZE = re.compile(r"-(\d{2,4})x(\d{2,4})\.\w{3,4}(?:[?#]|$)")  # WordPress: march-150x150.jpg
# Classes of portraits and of ornaments, the picture's own or those of what is wrapped around it.
NOT_OF_THE_TEXT = re.compile(
    r"\b(?:avatar|gravatar|userpic|headshot|byline|wp-smiley)\b|\s(?:emoji|icon|smiley)\s"
    r"|\bauthor[_-]?(?:photo|image|img|pic|picture|thumb|box|bio|card|info|meta)"
    r"|\b(?:about|post|entry|article)[_-](?:the[_-])?author\b"
)
# A picture in such a link is a button: it shares, subscribes, or leads to a profile.
BUTTON = re.compile(
    r"/sharer|/intent/|/sharearticle|/share\b|[?&]share=|/pin/create|addtoany\.com|wa\.me/|mailto:"
    r"|/donat|feedburner|//(?:www\.)?(?:facebook|instagram|twitter|x|tiktok|linkedin)\.com/[\w.-]*/?$",
    re.IGNORECASE,
)
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*")
# What a feed says never decides how long we look: so many tags, characters of one, addresses.
MOST, LONGEST, MOST_URLS = 300, 50_000, 20
VOID = ("img", "source", "br", "hr")  # hold nothing: a hidden pixel wraps no photo after it
AROUND = 600  # characters before a picture in which its wrappers stand
FITS = 1600  # pixels: wider ones are fetched for nothing


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPicture:
    """A picture as its markup has it: addresses, the best first; sizes in pixels if declared."""

    urls: tuple[str, ...]
    alt: str = ""
    width: int | None = None
    height: int | None = None


def pictures_in(markup: str) -> Iterator[ShownPicture]:
    """Yield the pictures that readers see as part of the text, in order.

    Not what a style hides, not portraits of authors, not ornaments, not buttons.
    """
    sources: list[str] = []  # of the `<picture>` that is open
    for start in islice(SHOWN.finditer(markup), MOST):
        tag = TAG.match(markup, start.start(), start.start() + LONGEST)
        if tag is None:
            continue
        name, values = tag[1].lower(), _attributes(tag[2])
        if name == "source":
            if "svg" not in values.get("type", ""):
                sources += _by_fit(values)
            continue
        before = markup[max(0, start.start() - AROUND) : start.start()]
        if name == "img" and _is_of_the_text(values, before):
            yield _shown(values, sources)
        elif name == "/picture" and sources:
            yield _shown({}, sources)
        sources = []


def named_size(url: str) -> tuple[int | None, int | None]:
    """Return the width and height that a file's name tells, in pixels."""
    match = NAMED_SIZE.search(url)
    return (int(match[1]), int(match[2])) if match else (None, None)


def best_fit(widths: list[int | None]) -> int:
    """Return the index of the widest that a digest can show, of wider ones the least wide."""
    known = [(width or 0, -at) for at, width in enumerate(widths)]
    fitting = [one for one in known if one[0] <= FITS]
    return -(max(fitting) if fitting else min(known, key=lambda one: (one[0], -one[1])))[1]


def _shown(values: dict[str, str], sources: list[str]) -> ShownPicture:
    width, height = _declared(values)
    lazy = [values[name] for name in LAZY if values.get(name)]
    own = [values["src"]] if values.get("src") else []
    sizes = _by_fit(values)
    # One of the sizes, else what all can read.
    is_cut_down = any(named_size(url)[0] or url in sizes for url in own)
    urls = [*lazy, *sizes, *own] if is_cut_down else [*lazy, *own, *sizes]
    return ShownPicture(
        urls=tuple(dict.fromkeys([*urls, *sources]))[:MOST_URLS],
        alt=" ".join(values.get("alt", "").split())[:500],
        width=width,
        height=height,
    )


def _by_fit(values: dict[str, str]) -> list[str]:
    """The candidates of a srcset, that which fits first (HTML, "parse a srcset attribute")."""
    urls: list[str] = []
    widths: list[int | None] = []
    url = ""
    for token in (values.get("data-srcset") or values.get("srcset") or "").split():
        size, ends, following = ("", token[-1:] == ",", "") if not url else token.partition(",")
        if not url:
            url = token.rstrip(",")
        if size or ends:
            urls.append(url)
            widths.append(_pixels(size.removesuffix("w")))
            url = following
    if url:
        urls.append(url)
        widths.append(None)
    if not urls:
        return []
    first = urls[best_fit(widths)]
    return [first, *(one for one in urls if one != first)]


def _is_of_the_text(values: dict[str, str], before: str) -> bool:
    around = list(_wrappers(before))
    for element in (values, *around):
        names = f" {element.get('class', '')} {element.get('id', '')} ".lower()
        if NOT_OF_THE_TEXT.search(names) or UNSEEN.search(element.get("style", "").lower()):
            return False
    return not any(BUTTON.search(element.get("href", "")) for element in around)


def _wrappers(before: str) -> Iterator[dict[str, str]]:
    """The elements that open right before a picture, with nothing between."""
    while before.rstrip().endswith(">"):
        before = before.rstrip()
        at = before.rfind("<")
        tag = TAG.fullmatch(before, at) if at >= 0 else None
        if tag is None or tag[1].startswith("/"):
            return
        if tag[1].lower() not in VOID:
            yield _attributes(tag[2])
        before = before[:at]


def _declared(values: dict[str, str]) -> tuple[int | None, int | None]:
    sizes = {name: _pixels(values.get(name, "")) for name in ("width", "height")}
    for name, number in STYLE.findall(values.get("style", "").lower()):
        size = _pixels(number)
        if size is not None:
            known = sizes[name]
            sizes[name] = size if known is None else min(known, size)
    return sizes["width"], sizes["height"]


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(text)
    }


def _pixels(text: str) -> int | None:
    match = _PIXELS.fullmatch(text)
    return int(match[1]) if match else None
