"""Which picture goes with an item: what the feed attaches, else the first real one of the body."""

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from newsletter.model.entry import Enclosure
from newsletter.model.item import Picture
from newsletter.pulling.items.sanitise import web_link

IMG = re.compile(r"<[iI][mM][gG]\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file")
TRACKERS = re.compile(
    r"(?:^|\.)(?:feeds\.feedburner\.com|feedsportal\.com|doubleclick\.net|pixel\.wp\.com|stats\.wp\.com"
    r"|google-analytics\.com|googletagmanager\.com|facebook\.com|pheedo\.com|feedblitz\.com|scorecardresearch\.com"
    r"|quantserve\.com|list-manage\.com|mailchimp\.com|counter\.theconversation\.com|analytics\.[\w.-]+"
    r"|pixel\.[\w.-]+|tracking\.[\w.-]+|track\.[\w.-]+|stats\.[\w.-]+|beacon\.[\w.-]+|hits\.[\w.-]+)$"
)
TRACKING_PATH = re.compile(
    r"/(?:pixel|beacon|track|count|hit|b|t)\.(?:gif|png|php)|/open\.gif|/~r/|/content/\d+/count\.gif|[?&]utm_",
    re.IGNORECASE,
)
NOT_CONTENT = re.compile(
    r"gravatar\.com/|/smilies/|/emoji/|s\.w\.org/images/core/emoji|/wp-includes/|/plugins/|spacer|blank\.gif"
    r"|/share[_-]|/icons?/|sharing|feedburner|button|badge|\bavatar\b",
    re.IGNORECASE,
)
SMALLEST = 64  # pixels a side: less is an icon


def choose(markup: str, base: str, attached: Iterable[Enclosure]) -> Picture | None:
    """Choose the picture, or None. Attached ones first; declared sizes have to be real sizes."""
    for file in attached:
        url = _usable(file.url, base)
        if url and _is_large(file.width, file.height):
            return Picture(url=url, alt=file.alt[:500], width=file.width, height=file.height)
    for image in IMG.finditer(markup):
        picture = _picture(image[1], base)
        if picture is not None:
            return picture
    return None


def _picture(attributes: str, base: str) -> Picture | None:
    values = {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(attributes)
    }
    width, height = _pixels(values.get("width", "")), _pixels(values.get("height", ""))
    if not _is_large(width, height):
        return None
    for candidate in (
        *(values.get(name, "") for name in LAZY),
        values.get("src", ""),
        _widest(values),
    ):
        url = _usable(candidate, base)
        if url:
            alt = " ".join(values.get("alt", "").split())
            return Picture(url=url, alt=alt[:500], width=width, height=height)
    return None


def _usable(url: str, base: str) -> str:
    link = web_link(url, base)
    if not link or TRACKING_PATH.search(link) or NOT_CONTENT.search(link):
        return ""
    return "" if TRACKERS.search(urlsplit(link).hostname or "") else link


def _widest(values: dict[str, str]) -> str:
    """The widest candidate of a srcset up to what a digest can show."""
    candidates = []
    for part in (values.get("data-srcset") or values.get("srcset") or "").split(", "):
        url, _, size = part.strip().partition(" ")
        width = re.fullmatch(r"(\d{1,5})w", size.strip())
        candidates.append((int(width[1]) if width else 0, url))
    fitting = [(width, url) for width, url in candidates if width <= 1600] or candidates
    return max(fitting)[1] if fitting else ""


def _is_large(width: int | None, height: int | None) -> bool:
    return (width is None or width >= SMALLEST) and (height is None or height >= SMALLEST)


def _pixels(text: str) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", text)
    return int(match[1]) if match else None
