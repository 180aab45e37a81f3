"""A story's Markdown as safe HTML and as plain text."""

import re
import unicodedata
from functools import lru_cache

from newsletter.design.markdown import Prose

# Invisible characters that can hide or reorder words: zero width space, word joiner, byte order
# mark, soft hyphen, bidi embeddings, overrides and isolates, tag characters. ZWNJ and ZWJ stay:
# Persian and Hindi need them.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]")
_BAD = frozenset({"Cc", "Cs", "Co", "Cn"})  # controls, halves of characters, no characters
_TAGS = re.compile("(\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f)|[\U000e0000-\U000e007f]")


def clean(text: str) -> str:
    """Return the text without invisible and control characters; newlines and flags stay."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _TAGS.sub(lambda match: match[1] or "", text)
    return "".join(
        char for char in text if char in "\n\t" or unicodedata.category(char) not in _BAD
    )


@lru_cache(maxsize=256)
def as_html(markdown: str) -> str:
    """Return the HTML that is published: raw HTML and `javascript:` links are shown as text."""
    return str(Prose(markdown).html(2))


@lru_cache(maxsize=256)
def as_text(markdown: str) -> str:
    """Return the plain text that is published, paragraphs parted by a blank line."""
    return opened_text(markdown)


def forget_words() -> None:
    """Let go of the texts that are kept so as not to be read twice."""
    as_html.cache_clear()
    as_text.cache_clear()


def opened_text(markdown: str) -> str:
    """Return the same, and keep no copy in memory: for words that only a key or a code opens."""
    return Prose(markdown).text


def same_words(markdown: str, agreed: str) -> bool:
    """Return whether two Markdown texts are published alike, line breaks in paragraphs aside."""
    return as_html(markdown).split() == as_html(agreed).split()
