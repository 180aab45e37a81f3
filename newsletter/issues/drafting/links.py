"""The addresses a draft leads to, with the line of the piece that has them."""

import re

from newsletter.model.issue import Edition

_IN_WORDS = re.compile(r"\]\(<?(https?://[^\s<>)]+)|<(https?://[^\s<>]+)>", re.IGNORECASE)
_KEYS = ("online", "calendar", "audio", "video", "transcript")


def links_of(edition: Edition) -> dict[str, int]:
    """Return each web address once, with the first line it stands on (0: the letter)."""
    found = [(link, 0) for link in _in_words(edition.letter)]
    for section in edition.sections:
        found += [(link, section.line) for link in _in_words(section.intro)]
        for placement in section.placements:
            details = (placement.details.get(key, "") for key in _KEYS)
            links = (placement.link or "", *_in_words(placement.blurb), *details)
            found += [(link, placement.line) for link in links]
    lines: dict[str, int] = {}
    for link, line in found:
        if link.lower().startswith(("http://", "https://")):
            lines.setdefault(link, line)
    return lines


def _in_words(markdown: str) -> list[str]:
    return [match[1] or match[2] for match in _IN_WORDS.finditer(markdown)]
