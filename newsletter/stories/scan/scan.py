"""Finds what may show who somebody is: for a person to look at, never for automatic blacking out.

It errs on the side of marking. No network, no model: shapes, short lists of ours and odd words.
"""

import re
from collections.abc import Iterable

from newsletter.stories.scan.marks import Mark, MarkKind
from newsletter.stories.scan.odd import odd_words
from newsletter.stories.scan.patterns import LABELLED, MEASURED, PATTERNS

# What holds one thing together: "Dyan van Gijn", "Magda K. Lind", "Home Depot on Slauson".
_PAUSE = re.compile(r"[\s,.;:'’\"\-–/()&#ºª>]*")
_LINK = re.compile(
    r"[\s,.'’\-]*(?:\b(?:of|on|and|the|van|von|der|nad|na|du|de|del|la|las|los|y|e|da|do|dos|san|"
    r"santa|\w)\b[\s,.'’\-]*){0,3}",
    re.IGNORECASE,
)
_BY_RANK = list(MarkKind)
_NAMING = frozenset({MarkKind.NAME, MarkKind.PLACE, MarkKind.ADDRESS, MarkKind.ODD})
_ABBREVIATED = re.compile(
    r"\b(?:inc|ltd|co|corp|llc|jr|sr|str|st|ave|blvd|rd|apt|u|n|s|e|w|ul)\Z", re.I
)


def scan(text: str, language: str) -> tuple[Mark, ...]:
    """Find marks, in order, without overlaps; `language` is BCP 47 (best known: `en`, `es`)."""
    language = language.lower().split("-")[0]
    measured = {match.start() for match in MEASURED.finditer(text)}
    marks = list(odd_words(text, language, measured))
    for kind, pattern in PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span("mark") if "mark" in pattern.groupindex else match.span()
            if start < end and not (match.start() in measured and kind is MarkKind.CONTACT):
                marks.append(Mark(start=start, end=end, kind=kind))
    for match in LABELLED.finditer(text):
        start, end = match.span("mark")
        if start < end:
            marks.append(Mark(start=start, end=end, kind=MarkKind.NAME))
    return _merged((_with_its_dot(mark, text) for mark in marks), text)


def _merged(marks: Iterable[Mark], text: str) -> tuple[Mark, ...]:
    """The marks in order, without overlaps; neighbours that are one thing become one."""
    result: list[Mark] = []
    for mark in sorted(marks):
        last = result[-1] if result else None
        if last is not None and (
            mark.start <= last.end or _joins(last, mark, text[last.end : mark.start])
        ):
            kind = min(last.kind, mark.kind, key=_BY_RANK.index)
            result[-1] = Mark(start=last.start, end=max(last.end, mark.end), kind=kind)
        else:
            result.append(mark)
    return tuple(result)


def _with_its_dot(mark: Mark, text: str) -> Mark:
    """The mark with the full stop of an abbreviation it ends in."""
    if text[mark.end : mark.end + 1] == "." and _ABBREVIATED.search(text, mark.start, mark.end):
        return Mark(start=mark.start, end=mark.end + 1, kind=mark.kind)
    return mark


def _joins(left: Mark, right: Mark, between: str) -> bool:
    """Whether two neighbours are one: a name in several words, an address in several lines."""
    if {left.kind, right.kind} & {MarkKind.FAMILY, MarkKind.DATE}:
        return between == " "
    if left.kind in _NAMING and right.kind in _NAMING and _LINK.fullmatch(between):
        return True
    return _PAUSE.fullmatch(between) is not None
