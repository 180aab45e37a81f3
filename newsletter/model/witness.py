"""What was sent of an issue, as it is written down apart from the database that may be put back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of `send`: when it began, and of how many people the ledger had an answer by then."""

    started: datetime
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WentOn:
    """Somebody chose to go on with a ledger that did not know of `people` who were answered for."""

    by: str
    at: datetime
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Witnessed:
    """The runs since the last such choice, by their name, and every choice. Names no reader."""

    runs: Mapping[str, Run] = field(default_factory=dict)
    went_on: tuple[WentOn, ...] = ()

    @property
    def people(self) -> int:
        """Return of how many people the ledger must have an answer."""
        return max((run.people for run in self.runs.values()), default=0)
