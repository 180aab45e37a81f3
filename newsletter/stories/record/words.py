"""A story's Markdown as safe HTML and as plain text."""

import re
import unicodedata
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "reference"])
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
    """Return HTML of CommonMark only: raw HTML and `javascript:` links are shown as text."""
    return str(_MARKDOWN.render(markdown)).strip()


@lru_cache(maxsize=256)
def as_text(markdown: str) -> str:
    """Return plain text, paragraphs parted by a blank line."""
    return opened_text(markdown)


def forget_words() -> None:
    """Let go of the texts that are kept so as not to be read twice."""
    as_html.cache_clear()
    as_text.cache_clear()


def opened_text(markdown: str) -> str:
    """Return the same, and keep no copy in memory: for words that only a key or a code opens."""
    blocks = (
        "".join(_inline(child) for child in token.children or ())
        for token in _MARKDOWN.parse(markdown)
        if token.type == "inline"
    )
    return "\n\n".join(block.strip() for block in blocks if block.strip())


def _inline(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n" if token.type == "hardbreak" else " "
    return str(token.content)


def same_words(markdown: str, agreed: str) -> bool:
    """Return whether two Markdown texts read the same, line breaks in paragraphs aside."""
    return as_text(markdown).split() == as_text(agreed).split()
