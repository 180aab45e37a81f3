"""Which language an item is in: what was declared, never a guess."""

import re

from newsletter.model.item import UNKNOWN_LANGUAGE
from newsletter.model.language import same_language

TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?")


def tag(declared: str) -> str:
    """Return a BCP 47 tag in its usual spelling (`en_us`: `en-US`); "" when it is none."""
    match = TAG.match(declared.strip().replace("_", "-"))
    if match is None or match[0].lower() in ("und", "mul", "zxx"):
        return ""
    language, *rest = match[0].split("-")
    parts = [part.title() if len(part) == 4 else part.upper() for part in rest]
    return "-".join((language.lower(), *parts))


def language_of(entry: str, feed: str, organisation: tuple[str, ...]) -> str:
    """Return the entry's own tag, else the feed's, checked against what the registry says.

    Site templates declare `en-US` for everything: a feed's tag that is not among the
    organisation's languages loses to its only language, and to "unknown" when it has several.
    """
    own = tag(entry)
    if own:
        return own
    declared = tag(feed)
    if declared and (
        not organisation or any(same_language(declared, known) for known in organisation)
    ):
        return declared
    if len(organisation) == 1:
        return organisation[0]
    return UNKNOWN_LANGUAGE
