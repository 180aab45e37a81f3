"""Sites that show most of what is published there only to people who log in: no feed, whatever the
address. And pages that are no more than a way to one of them."""

import re
from collections.abc import Iterator

from newsletter.model.address import host_of

CLOSED = {
    "facebook.com": "Facebook",
    "fb.com": "Facebook",
    "fb.me": "Facebook",
    "instagram.com": "Instagram",
    "threads.com": "Threads",
    "threads.net": "Threads",
    "x.com": "X",
    "twitter.com": "X",
    "tiktok.com": "TikTok",
    "linkedin.com": "LinkedIn",
    "nextdoor.com": "Nextdoor",
    "whatsapp.com": "WhatsApp",
    "wa.me": "WhatsApp",
}
KEEP_THEM = (
    "such a member can still be in. Ask for their website, or for a shared calendar and add that: "
    "in Google, Outlook and iCloud it has an address that ends in .ics. Or have them mail you "
    "their news, and write it into the draft by hand (docs/writing-an-issue.md)"
)

_REFRESH = re.compile(
    r"<meta\b(?=[^<>]*http-equiv=[\"']?refresh)[^<>]*content=[\"'][^\"'<>]*url=[\"']?([^\"'>\s]+)",
    re.IGNORECASE,
)
_LINK = re.compile(r"<a\b[^<>]{0,500}?\bhref=[\"']?(https?://[^\"'\s>]{1,300})", re.IGNORECASE)


def closed_site(url: str) -> str:
    """Return the name of the closed site that an address is on; "" for any other."""
    host = host_of(url)
    return next(
        (name for site, name in CLOSED.items() if host == site or host.endswith(f".{site}")), ""
    )


def sends_on_to(page: str) -> str:
    """Return the address that a page sends its visitors on to by itself; "" where it does not."""
    refresh = _REFRESH.search(page[:5_000])
    return refresh[1] if refresh else ""


def closed_sites_linked(page: str) -> Iterator[str]:
    """Yield the names of the closed sites that a page links to, in its order."""
    names = (closed_site(link[1]) for link in _LINK.finditer(page[:200_000]))
    yield from dict.fromkeys(filter(None, names))
