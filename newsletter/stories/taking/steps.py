"""The form comes in steps, each short enough for a small phone."""

from bisect import bisect
from collections.abc import Iterable, Sequence

from newsletter.stories.taking.intake import Fault
from newsletter.stories.taking.question import Group

# The groups of questions in each step. The first three show what one agrees to. The picture comes
# last: a page cannot hold a chosen file for the next one.
STEPS: tuple[tuple[str, ...], ...] = (
    (),
    (),
    (),
    ("story",),
    ("uses",),
    ("languages", "name"),
    ("limits",),
    ("people", "contact"),
    ("picture", "yes"),
)
# How much of the notice has been shown by the end of each step; the first says more beside it.
_ENDS = (0.28, 0.62, 1.0)
READING = len(_ENDS)  # so many steps of the notice
LAST = len(STEPS) - 1


def groups_of(step: int, groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return the groups that a step asks, in its order."""
    named = {group.id: group for group in groups}
    return tuple(named[group] for group in STEPS[step])


def asked_in(step: int, groups: Iterable[Group]) -> frozenset[str]:
    """Return the ids of a step's questions."""
    return frozenset(one.id for group in groups_of(step, groups) for one in group.questions)


def first_faulty(faults: Iterable[Fault], groups: tuple[Group, ...]) -> int:
    """Return the first step with an answer that is wrong; the last one when there is none."""
    faulty = {fault.question for fault in faults}
    return next((step for step in range(LAST) if faulty & asked_in(step, groups)), LAST)


def to_read_in(step: int, paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return the paragraphs of the notice that a step shows; none after READING."""
    of_all, length = sum(map(len, paragraphs)), 0
    parts: tuple[list[str], ...] = tuple([] for _ in _ENDS)
    for paragraph in paragraphs:
        middle = (length + len(paragraph) / 2) / of_all
        parts[bisect(_ENDS, middle)].append(paragraph)
        length += len(paragraph)
    return tuple(parts[step]) if step < READING else ()
