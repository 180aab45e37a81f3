"""What a draft is judged on, and how a check says what it found."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import partial

from newsletter.issues.facts import IssueFacts
from newsletter.model.consent import Allowed, Denied
from newsletter.model.issue import Edition, Section
from newsletter.model.item import Item, ItemWords
from newsletter.model.problem import Problem, Severity
from newsletter.model.section_kinds import Kinds, kind_of
from newsletter.stories.recognition.story_search import Finding


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftCheckInput:
    """What an edition is judged on, beside its issue's facts.

    By id: `consents` answers for the stories as they are placed, `chosen_as` is what an item said
    when it was offered, if that changed since, `carried` which withdrawn stories an item carries.
    `known` are the members' pieces that words without an id may be. `told_off` are, by line, the
    calendars' entries that call off what a piece tells of beside them; `moved`, by line, the
    addresses that sources have in the place of the one in a heading.
    """

    issue: IssueFacts
    sends_on: date
    now: datetime
    zone: tzinfo
    items: Mapping[str, Item]
    consents: Mapping[str, Allowed | Denied]
    chosen_as: Mapping[str, ItemWords]
    carried: Mapping[str, Sequence[Finding]]
    known: Sequence[Item] = ()
    told_off: Mapping[int, Sequence[Item]] = field(default_factory=dict)
    moved: Mapping[int, str] = field(default_factory=dict)

    @property
    def kinds(self) -> Kinds:
        """The kinds of section that there are, by name."""
        return self.issue.templates.kinds

    def kind_of(self, section: Section) -> str:
        """Return the name of the kind that a section is of."""
        return kind_of(section, self.kinds)

    @property
    def denied(self) -> dict[str, str]:
        """Why a placed story may not be mailed as it is, by story id."""
        answers = self.consents.items()
        reasons = {id_: answer.reason for id_, answer in answers if isinstance(answer, Denied)}
        files = self.issue.story_pictures.items()
        broken = {id_: file.problem for id_, file in files if id_ in self.items and file.problem}
        return reasons | broken


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
