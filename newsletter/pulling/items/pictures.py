"""Which picture goes with an item: what the feed attaches, else the first real one of the body.

Judged by size, by place and by what they are wrapped in, never by a word in a file's name:
share-the-meal.jpg is a photo.
"""

import re
from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from newsletter.model.entry import Enclosure
from newsletter.model.item import Picture
from newsletter.pulling.items.picture_tags import best_fit, named_size, pictures_in
from newsletter.pulling.items.sanitise import web_link

TRACKERS = re.compile(
    r"(?:^|\.)(?:feeds\.feedburner\.com|feedsportal\.com|doubleclick\.net|pixel\.wp\.com|stats\.wp\.com"
    r"|google-analytics\.com|googletagmanager\.com|facebook\.com|pheedo\.com|feedblitz\.com|scorecardresearch\.com"
    r"|quantserve\.com|list-manage\.com|counter\.theconversation\.com|analytics\.[\w.-]+"
    r"|pixel\.[\w.-]+|tracking\.[\w.-]+|track\.[\w.-]+|stats\.[\w.-]+|beacon\.[\w.-]+|hits\.[\w.-]+)$"
)
# These are asked of addresses in lower case: patterns that begin with a "/" are quick to look for.
TRACKING_PATH = re.compile(
    r"/(?:(?:pixel|beacon|track|count|hit|b|t)\.(?:gif|png|php)|open\.gif|~r/)"
)
# Folders and whole names that publishing software keeps its own pictures under.
NOT_CONTENT = re.compile(
    r"/(?:avatars?|smilies|emoji|wp-includes|plugins|icons?)/"
    r"|/(?:spacer|blank|transparent|placeholder)\.(?:gif|png)"
)
NOT_CONTENT_HOSTS = ("gravatar.com/", "s.w.org/images/core/", "img.shields.io/")
DRAWING = re.compile(r"\.svgz?(?:[?#]|$)")  # never decoded here: it can hold scripts
LEAST_WIDE, LEAST_HIGH = 100, 64  # pixels: less is an icon
SMALL = 200  # pixels wide: taken when there is no other
TOO_TALL, TOO_WIDE = 4, 6  # times the other side: a strip, a banner, a row of logos


def choose(
    markup: str, base: str, attached: Iterable[Enclosure], *, authors: Collection[str] = ()
) -> Picture | None:
    """Return the picture, or None. Attached ones come first; a small one only if nothing else is.

    `authors` are names: a picture whose alternative text is one of them is a portrait.
    """
    files = [
        picture
        for file in attached
        if "svg" not in file.media_type
        and (picture := _usable((file.url,), base, file.width, file.height, file.alt[:500]))
    ]
    large = [picture for picture in files if not _is_small(picture)]
    if large:
        return _fitting(large)
    names = {name.casefold() for name in authors}
    small = files[:1]
    for shown in pictures_in(markup):
        picture = _usable(shown.urls, base, shown.width, shown.height, shown.alt)
        if picture is None or shown.alt.casefold() in names:
            continue
        if not _is_small(picture):
            return picture
        small.append(picture)
    return small[0] if small else None


def misfit(width: int | None, height: int | None) -> str:
    """Return why a picture of that size (pixels, None unknown) heads no piece; "" when it may."""
    if width is not None and width < LEAST_WIDE:
        return f"it is only {width} pixels wide"
    if height is not None and height < LEAST_HIGH:
        return f"it is only {height} pixels high"
    if width and height and (height >= TOO_TALL * width or width >= TOO_WIDE * height):
        return f"its shape, {width} by {height} pixels, is that of a strip"
    return ""


def _fitting(pictures: list[Picture]) -> Picture:
    """The first, or when the feed offers it in several widths that which fits."""
    if pictures[0].width is None:
        return pictures[0]
    known = [picture for picture in pictures if picture.width is not None]
    return known[best_fit([picture.width for picture in known])]


def _usable(
    urls: tuple[str, ...], base: str, width: int | None, height: int | None, alt: str
) -> Picture | None:
    for url in urls:
        link = web_link(url, base)
        if not link or _is_not_content(link):
            continue
        real = named_size(link)
        if real[0] is not None and (width is None or real[0] < width):
            width, height = real
        if misfit(width, height):
            return None
        return Picture(url=link, alt=alt, width=width, height=height)
    return None


def _is_not_content(link: str) -> bool:
    link = link.lower()
    parts = urlsplit(link)
    return bool(
        DRAWING.search(parts.path)
        or TRACKING_PATH.search(link)
        or NOT_CONTENT.search(link)
        or any(host in link for host in NOT_CONTENT_HOSTS)
        or TRACKERS.search(parts.hostname or "")
    )


def _is_small(picture: Picture) -> bool:
    return picture.width is not None and picture.width < SMALL
