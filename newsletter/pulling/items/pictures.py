"""Which picture goes with an item: what the feed attaches, else the first real one of the body."""

import html
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from newsletter.model.entry import Enclosure
from newsletter.model.item import Picture
from newsletter.pulling.items.sanitise import absolute

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
    """The picture, or None. Attached ones first; sizes that are declared have to be real sizes."""
    for one in attached:
        url = _usable(one.url, base)
        if url and _is_large(one.width, one.height):
            return Picture(url=url, width=one.width, height=one.height)
    for found in IMG.finditer(markup):
        picture = _picture(found[1], base)
        if picture is not None:
            return picture
    return None


def _picture(attributes: str, base: str) -> Picture | None:
    said = {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(attributes)
    }
    width, height = _pixels(said.get("width", "")), _pixels(said.get("height", ""))
    if not _is_large(width, height):
        return None
    for candidate in (*(said.get(name, "") for name in LAZY), said.get("src", ""), _widest(said)):
        url = _usable(candidate, base)
        if url:
            alt = " ".join(said.get("alt", "").split())
            return Picture(url=url, alt=alt[:500], width=width, height=height)
    return None


def _usable(url: str, base: str) -> str:
    if not url.strip():
        return ""  # an absent attribute would resolve to the page itself
    found = absolute(url, base)
    if not found.startswith(("http://", "https://")):
        return ""
    parts = urlsplit(found)
    if TRACKERS.search((parts.hostname or "").lower()) or TRACKING_PATH.search(found):
        return ""
    return "" if NOT_CONTENT.search(found) else found


def _widest(said: dict[str, str]) -> str:
    """The widest candidate of a srcset up to what a digest can show."""
    candidates = []
    for part in (said.get("data-srcset") or said.get("srcset") or "").split(", "):
        url, _, size = part.strip().partition(" ")
        width = re.fullmatch(r"(\d{1,5})w", size.strip())
        candidates.append((int(width[1]) if width else 0, url))
    fitting = [one for one in candidates if one[0] <= 1600] or candidates
    return max(fitting)[1] if fitting else ""


def _is_large(width: int | None, height: int | None) -> bool:
    return (width is None or width >= SMALLEST) and (height is None or height >= SMALLEST)


def _pixels(text: str) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", text)
    return int(match[1]) if match else None
