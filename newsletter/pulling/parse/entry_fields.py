"""Fields of what feedparser tells of a feed or an entry, as what they should be."""

import html
import re
from typing import Any

_TAG = re.compile(r"<[^<>]{0,500}>")


def text_of(data: Any, key: str) -> str:
    """Return the text under a key; "" for none."""
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def plain(value: str) -> str:
    """Return a text without markup, on one line."""
    if not value:
        return ""
    return " ".join(html.unescape(_TAG.sub(" ", value) if "<" in value else value).split())


def absolute(url: str) -> str:
    """Return a web address; "" for any other."""
    return url if url.startswith(("http://", "https://")) else ""


def number(value: Any) -> int | None:
    """Return a whole number of up to 15 digits; None for anything else."""
    text = str(value or "").strip()
    return int(text) if text.isdecimal() and len(text) <= 15 else None
