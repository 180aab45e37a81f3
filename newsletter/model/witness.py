"""What was sent of an issue, as it is written down apart from the database that may be put back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    """The runs since the last such choice, by their name, and every choice. Names no reader.

    `put_back`: backups, by when they were made, that were restored since then while nobody could
    tell whether the send had gone on after them. `restored`: it came back with a backup to a place
    where nothing else was known of it, so that somebody may have got it since.
    """

    runs: Mapping[str, Run] = field(default_factory=dict)
    went_on: tuple[WentOn, ...] = ()
    put_back: frozenset[datetime] = frozenset()
    restored: bool = False

    @property
    def was_sent(self) -> bool:
        """Return whether anybody ever began to send it."""
        return bool(self.runs or self.went_on)

    @property
    def people(self) -> int:
        """Return of how many people the ledger must have an answer."""
        return max((run.people for run in self.runs.values()), default=0)

    def joined(self, other: "Witnessed") -> "Witnessed":
        """Return what this and another copy tell together: whichever knows of more choices made,
        and of equal ones all runs, as far as either saw them come."""
        restored = self.restored or other.restored
        if len(self.went_on) != len(other.went_on):
            newer = max(self, other, key=lambda one: len(one.went_on))
            return replace(newer, restored=restored)
        runs = {**self.runs}
        for name, run in other.runs.items():
            runs[name] = max(run, runs.get(name, run), key=lambda one: one.people)
        put_back = self.put_back | other.put_back
        return Witnessed(runs=runs, went_on=self.went_on, put_back=put_back, restored=restored)
