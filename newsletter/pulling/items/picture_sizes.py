"""How large the candidates of a picture are, and which of them fits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

NAMED_SIZE = re.compile(r"-(\d{2,4})x(\d{2,4})\.\w{3,4}(?:[?#]|$)")  # WordPress: march-150x150.jpg
FITS = 1600  # pixels: wider ones are fetched for nothing
MOST_URLS = 20
SMALL = 200  # pixels wide: taken when there is no other
PLACE = re.compile(r"\s*(\d{1,3})px\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """A candidate of a srcset: where it is, how wide and high it says that it is."""

    url: str
    width: int | None = None
    height: int | None = None


def named_size(url: str) -> tuple[int | None, int | None]:
    """Return the width and height that a file's name tells, in pixels."""
    match = NAMED_SIZE.search(url)
    return (int(match[1]), int(match[2])) if match else (None, None)


def best_fit(widths: list[int | None]) -> int:
    """Return the index of the widest that a digest can show, of wider ones the least wide."""
    known = [(width or 0, -at) for at, width in enumerate(widths)]
    fitting = [one for one in known if one[0] <= FITS]
    return -(max(fitting) if fitting else min(known, key=lambda one: (one[0], -one[1])))[1]


def larger(
    values: dict[str, str], width: int | None, height: int | None, sources: list[Size]
) -> Size | None:
    """Return the source that readers see in the place of a small `<img>`; None where there is none.

    Of known widths the one that fits, else the first where only the `<img>`'s file is small.
    """
    named = named_size(values.get("src", ""))[0]
    if min(width or SMALL, named or SMALL) >= SMALL:
        return None
    known = [one for one in sources if one.width is not None]
    if not known:
        return sources[0] if width is None or width >= SMALL else None
    best = known[best_fit([one.width for one in known])]
    if best.width is None or best.width < SMALL:
        return None
    if best.height is None and width and height:
        best = replace(best, height=best.width * height // width)
    return best


def by_fit(values: dict[str, str]) -> list[tuple[str, int | None]]:
    """Return a srcset's candidates, that which fits first (HTML, "parse a srcset attribute")."""
    urls: list[str] = []
    widths: list[int | None] = []
    url = ""
    for token in (values.get("data-srcset") or values.get("srcset") or "").split():
        size, ends, following = ("", token[-1:] == ",", "") if not url else token.partition(",")
        if not url:
            url = token.rstrip(",")
        if size or ends:
            urls.append(url)
            widths.append(pixels(size.removesuffix("w")))
            url = following
    if url:
        urls.append(url)
        widths.append(None)
    if not urls:
        return []
    first = best_fit(widths)
    others = (one for one in zip(urls, widths, strict=True) if one[0] != urls[first])
    return [(urls[first], widths[first]), *islice(others, MOST_URLS)]


def sizes_of(values: dict[str, str]) -> Iterator[Size]:
    """Yield the candidates of a `<source>`: as wide as its srcset, their name or the tag says."""
    place = PLACE.fullmatch(values.get("sizes", ""))
    if place and int(place[1]) < SMALL:
        return
    own = (pixels(values.get("width", "")), pixels(values.get("height", "")))
    for url, width in by_fit(values):
        wide, high = (width, None) if width else size if (size := named_size(url))[0] else own
        yield Size(url=url, width=wide, height=high)


def pixels(text: str) -> int | None:
    """Return a number of pixels, "600" or "600px"; None for other units."""
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", text)
    return int(match[1]) if match else None
