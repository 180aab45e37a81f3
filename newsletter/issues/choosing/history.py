"""What earlier issues say about whose turn it is."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile


@dataclass(frozen=True, kw_only=True, slots=True)
class PastIssue:
    """An approved issue: when it was first drafted, who was in it and who could have been."""

    issue_id: str
    drafted_at: datetime
    used: Set[str]
    eligible: Set[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueHistory:
    """Approved weekly issues, the newest first."""

    issues: Sequence[PastIssue] = ()

    def absent(self, organisation_id: str) -> int | None:
        """Count the issues since its last one; None when it never was in any."""
        return next(
            (at for at, past in enumerate(self.issues) if organisation_id in past.used), None
        )

    def waited(self, organisation_id: str) -> int:
        """Count the last issues in a row that it could have been in, and was not."""
        missed = takewhile(
            lambda past: organisation_id in past.eligible and organisation_id not in past.used,
            self.issues,
        )
        return sum(1 for _ in missed)

    def since(self, organisation_id: str | None, *, at_most: int) -> datetime | None:
        """Return from when on its pieces are news: those it could not place last time count again.

        That is the drafting of the last issue it was in, at most so many issues back; None is
        from ever.
        """
        for passed, past in enumerate(self.issues):
            if organisation_id is None or organisation_id in past.used or passed >= at_most:
                return past.drafted_at
        return None
