"""What a draft is judged on, and how a check says what it found."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import partial

from newsletter.issues.facts import PictureFile
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.item import Item, ItemWords
from newsletter.model.organisation import Organisation
from newsletter.model.problem import Problem, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftCheckInput:
    """What an edition is judged on.

    By id: `denied` says why a story may not be placed so, `chosen_as` what an item said when it
    was offered, if that changed since, `carried` which withdrawn story an item carries.
    `pictures` are the files in the issue's `pictures/`, by name.
    """

    sends_on: date
    now: datetime
    zone: tzinfo
    items: Mapping[str, Item]
    organisations: Mapping[str, Organisation]
    denied: Mapping[str, str] = field(default_factory=dict)
    chosen_as: Mapping[str, ItemWords] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)


Check = Callable[[Edition, DraftCheckInput], Iterator[Problem]]


def _problem(
    severity: Severity, edition: Edition, code: str, line: int, message: str, hint: str = ""
) -> Problem:
    return Problem(
        severity=severity,
        code=code,
        message=message,
        hint=hint,
        file=edition.path,
        line=line or None,
    )


blocks = partial(_problem, Severity.BLOCKS)  # with such a one nobody can approve
warns = partial(_problem, Severity.WARNS)  # an editor judges it


def placed(edition: Edition) -> Iterator[tuple[Section, Placement]]:
    """Each placement with its section, in reading order."""
    for section in edition.sections:
        for placement in section.placements:
            yield section, placement
