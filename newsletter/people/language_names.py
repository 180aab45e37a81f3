"""Languages as people write them in lists: `es`, `es-MX`, `Spanish`, `español`, `Inglés`."""

import re
from functools import lru_cache

from babel import Locale

# Each of these costs some memory to know; a tag or an English or Spanish name works for them all.
_NAMED_BY_THEMSELVES = (
    *("am", "ar", "bn", "de", "en", "es", "fa", "fil", "fr", "gu", "ha", "he", "hi", "hy", "id"),
    *("it", "ja", "km", "ko", "ku", "lo", "my", "ne", "nl", "om", "pa", "pl", "ps", "pt", "qu"),
    *("ro", "ru", "so", "sq", "sw", "ta", "te", "th", "ti", "tr", "uk", "ur", "vi", "yo", "zh"),
)
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


@lru_cache(maxsize=1024)
def language_tag(text: str) -> str | None:
    """Return the BCP 47 tag, None when the language is not known."""
    text = text.strip()
    if _TAG.fullmatch(text) and (tag := _known(text)):
        return tag
    return _by_name().get(text.casefold())


def _known(text: str) -> str | None:
    parts = text.replace("_", "-").split("-")
    language = parts[0].lower()
    if language not in Locale("en").languages:
        return None
    rest = [part.title() if len(part) == 4 else part.upper() for part in parts[1:]]
    return "-".join([language, *rest])


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Languages by their names in English, in Spanish and, for many, in themselves."""
    tags: dict[str, str] = {}
    for tag in _NAMED_BY_THEMSELVES:
        own = Locale(tag).get_language_name()
        if own:
            tags[own.casefold()] = tag
    for reader in ("es", "en"):
        for tag, name in Locale(reader).languages.items():
            if "_" not in tag and len(tag) <= 3:
                tags[name.casefold()] = tag
    return tags
