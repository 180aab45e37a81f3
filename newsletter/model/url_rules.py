"""How addresses of sites and feeds are written: what is none, and which are the same."""

import re
from urllib.parse import urlsplit


def url_problem(url: str) -> str:
    """Why this cannot be the address of a site or a feed; empty when it can."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme.lower() not in ("http", "https"):
        return "has to start with https:// or http://"
    if not parts.hostname:
        return "names no host"
    if parts.username or parts.password:
        return "must not carry a user name or password"
    if re.search(r"[\s\x00-\x1f<>\"]", url):
        return "holds a space or another character that an address cannot have"
    return ""


def same_address(url: str) -> str:
    """One key for addresses that are the same place: scheme, case of the host, final slash."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"
