"""Web addresses as text."""

import re
from urllib.parse import urljoin

# What no base changes, written as joining it with one would write it.
_WHOLE = re.compile(r"https?://[\w.:@%~-]+(?:/[^\s;?#]*)?(?:\?[^\s#]+)?(?:#\S+)?", re.ASCII)


def joined(base: str, url: str) -> str:
    """`urljoin`, without its work for the many addresses that are whole. ValueError as there."""
    return url if _WHOLE.fullmatch(url) else urljoin(base, url)
