"""The pictures that an HTML body shows: where they lie, how large they say they are, what for."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from newsletter.pulling.items.picture_sizes import (
    MOST_URLS,
    Size,
    by_fit,
    larger,
    named_size,
    pixels,
    sizes_of,
)

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
# What a feed says never decides how long we look: so many tags, characters of one, addresses.
MOST, LONGEST = 300, 50_000
VOID = ("img", "source", "br", "hr")  # hold nothing: a hidden pixel wraps no photo after it
AROUND = 600  # characters before a picture in which its wrappers stand
# A `<source>` that readers of a page in daylight do not see.
NOT_SHOWN = re.compile(r"\bprint\b|scheme\s*:\s*dark")


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
    sources: list[Size] = []  # of the `<picture>` that is open
    for start in islice(SHOWN.finditer(markup), MOST):
        tag = TAG.match(markup, start.start(), start.start() + LONGEST)
        if tag is None:
            continue
        name, values = tag[1].lower(), _attributes(tag[2])
        if name == "source":
            if "svg" not in values.get("type", "") and not NOT_SHOWN.search(
                values.get("media", "")
            ):
                sources += sizes_of(values)
            continue
        before = markup[max(0, start.start() - AROUND) : start.start()]
        if name == "img" and _is_of_the_text(values, before):
            yield _shown(values, sources)
        elif name == "/picture" and sources:
            yield _shown({}, sources)
        sources = []


def _shown(values: dict[str, str], sources: list[Size]) -> ShownPicture:
    width, height = _declared(values)
    alt = " ".join(values.get("alt", "").split())[:500]
    if sources and (source := larger(values, width, height, sources)):
        urls = [source.url, *(one.url for one in sources)]
        return ShownPicture(
            urls=tuple(dict.fromkeys(urls))[:MOST_URLS],
            alt=alt,
            width=source.width,
            height=source.height,
        )
    lazy = [values[name] for name in LAZY if values.get(name)]
    own = [values["src"]] if values.get("src") else []
    sizes = [url for url, _ in by_fit(values)]
    # One of the sizes, else what all can read.
    is_cut_down = any(named_size(url)[0] or url in sizes for url in own)
    urls = [*lazy, *sizes, *own] if is_cut_down else [*lazy, *own, *sizes]
    return ShownPicture(
        urls=tuple(dict.fromkeys([*urls, *(one.url for one in sources)]))[:MOST_URLS],
        alt=alt,
        width=width,
        height=height,
    )


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
    sizes = {name: pixels(values.get(name, "")) for name in ("width", "height")}
    for name, number in STYLE.findall(values.get("style", "").lower()):
        size = pixels(number)
        if size is not None:
            known = sizes[name]
            sizes[name] = size if known is None else min(known, size)
    return sizes["width"], sizes["height"]


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(text)
    }
