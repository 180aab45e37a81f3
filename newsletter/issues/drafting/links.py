"""The addresses a draft leads to, with the line of the piece that has them."""

import re
from collections.abc import Iterator

from newsletter.model.issue import Edition, Placement

_IN_WORDS = re.compile(r"\]\(<?(https?://[^\s<>)]+)|<(https?://[^\s<>]+)>", re.IGNORECASE)
_KEYS = ("online", "calendar", "audio", "video", "transcript")


def links_of(edition: Edition) -> dict[str, int]:
    """Return each web address once, with the first line it stands on (0: the letter)."""
    lines: dict[str, int] = {}
    for link, line in _links(edition):
        if link.lower().startswith(("http://", "https://")):
            lines.setdefault(link, line)
    return lines


def _links(edition: Edition) -> Iterator[tuple[str, int]]:
    for link in _in_words(edition.letter):
        yield link, 0
    for section in edition.sections:
        for link in _in_words(section.intro):
            yield link, section.line
        for placement in section.placements:
            for link in _of(placement):
                yield link, placement.line


def _of(placement: Placement) -> Iterator[str]:
    if placement.link:
        yield placement.link
    yield from _in_words(placement.blurb)
    for key in _KEYS:
        if placement.details.get(key):
            yield placement.details[key]


def _in_words(markdown: str) -> Iterator[str]:
    for match in _IN_WORDS.finditer(markdown):
        yield match[1] or match[2]
