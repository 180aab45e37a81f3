"""[I/O] What the database says of words that are no evidence: when a story came in, what an editor
decided."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from newsletter.errors import StoreError
from newsletter.stories.ports import StoryStore
from newsletter.stories.recognition.fingerprints import runs_in
from newsletter.stories.recognition.not_evidence import NotEvidence, PublicText


@dataclass(frozen=True, slots=True)
class Excused:
    """Asked only when words were found. A database that is away excuses nothing."""

    open_store: Callable[[], StoryStore]

    def not_evidence(self, elsewhere: Callable[[str, date], Iterable[PublicText]]) -> NotEvidence:
        """Return it with the texts that were public."""
        return NotEvidence(given=self._given, elsewhere=elsewhere, overruled=self._overruled)

    def _given(self, record_id: str) -> date | None:
        try:
            submission = self.open_store().by_record(record_id)
        except StoreError:
            return None
        return submission.received_on if submission else None

    def _overruled(self, record_id: str) -> frozenset[str]:
        try:
            return frozenset(runs_in(self.open_store().decisions().get(record_id, "")))
        except StoreError:
            return frozenset()
