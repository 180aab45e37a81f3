"""Addresses that lead to the same page made equal."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(enc|mi)|mkt_tok|ref|ref_src|source|"
    r"yclid|wt_mc|cmpid|share|sr_share|smid|feature"
)
# Parameters that serve only to follow who clicked where; the page is the same without them.
_FOLLOWING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs(?:enc|mi)|mkt_tok|yclid|cmpid)="
    r"[^&#]*",
    re.IGNORECASE,
)
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
        if not _TRACKING.fullmatch(name.lower())
    )
    if not path and not query:
        return ""
    where = host if port in {None, 80, 443} else f"{host}:{port}"
    return f"{where}{path}" + (f"?{urlencode(query)}" if query else "")


def without_tracking(link: str) -> str:
    """The link without the parameters that follow a reader; every other character stays."""
    page, hash_, fragment = link.partition("#")
    head, _, query = page.partition("?")
    if not query:
        return link
    kept = "&".join(part for part in query.split("&") if not _FOLLOWING.fullmatch(part))
    return head + (f"?{kept}" if kept else "") + hash_ + fragment


def host_of(link: str | None) -> str:
    """The host without `www.`, or nothing."""
    try:
        host = urlsplit(link or "").hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")
