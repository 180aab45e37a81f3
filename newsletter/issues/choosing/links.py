"""Addresses that lead to the same page made equal."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from newsletter.model.address import TRACKING

_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)


def same_page(link: str | None) -> str:
    """A key that two links share when they lead to the same page; empty when there is no page.

    Scheme, `www.`, ports 80 and 443, fragments, final slashes, tracking parameters and the order
    of the others do not matter. A site's front page is nobody's article, and gives no key.
    """
    if not link:
        return ""
    try:
        parts = urlsplit(link.strip())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        return ""
    host = parts.hostname.lower().removeprefix("www.").removeprefix("m.").rstrip(".")
    path = re.sub(r"/{2,}", "/", unquote(_INDEX.sub("/", parts.path))).rstrip("/")
    path = path.removesuffix("/amp")
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.fullmatch(name)
    )
    if not path and not query:
        return ""
    where = host if port in {None, 80, 443} else f"{host}:{port}"
    return f"{where}{path}" + (f"?{urlencode(query)}" if query else "")


def host_of(link: str | None) -> str:
    """The host without `www.`, or nothing."""
    try:
        host = urlsplit(link or "").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")
