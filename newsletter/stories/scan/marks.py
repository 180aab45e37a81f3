"""A place in a text that may show who somebody is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class MarkKind(StrEnum):
    """Why it was marked; the most telling reason wins where marks meet."""

    ID = "number of a person or case"
    CONTACT = "contact"
    ADDRESS = "address"
    DATE = "date or time"
    PLACE = "school, work, church or other place"
    FAMILY = "relative or age"
    NAME = "name"
    NUMBER = "number"
    ODD = "unusual word"


_RANK = {kind: rank for rank, kind in enumerate(MarkKind)}


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Mark:
    """Characters `start` to `end` of a text, and why they were marked."""

    start: int
    end: int
    kind: MarkKind


def merged(
    marks: Iterable[Mark], text: str, *, joins: Callable[[Mark, Mark, str], bool]
) -> tuple[Mark, ...]:
    """Return the marks in order, without overlaps; neighbours that `joins` accepts become one."""
    result: list[Mark] = []
    for mark in sorted(marks):
        last = result[-1] if result else None
        if last is not None and (
            mark.start <= last.end or joins(last, mark, text[last.end : mark.start])
        ):
            kind = min(last.kind, mark.kind, key=lambda kind: _RANK[kind])
            result[-1] = Mark(start=last.start, end=max(last.end, mark.end), kind=kind)
        else:
            result.append(mark)
    return tuple(result)
