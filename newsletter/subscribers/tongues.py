"""Languages as people write them in lists: `es`, `es-MX`, `Spanish`, `español`, `Inglés`."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError, localedata

_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


@lru_cache(maxsize=1024)
def language_tag(text: str) -> str | None:
    """The BCP 47 tag, or None when the language is not known."""
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
    """Every language's name in English, in Spanish and in itself."""
    found: dict[str, str] = {}
    for tag in sorted(localedata.locale_identifiers()):
        if "_" in tag:
            continue
        try:
            own = Locale(tag).get_language_name()
        except UnknownLocaleError:
            continue
        if own:
            found.setdefault(own.casefold(), tag)
    for reader in ("es", "en"):
        for tag, name in Locale(reader).languages.items():
            if "_" not in tag and len(tag) <= 3:
                found[name.casefold()] = tag
    return found
