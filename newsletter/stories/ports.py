"""What the verbs about stories ask of a store, a few methods each."""

from collections.abc import Sequence
from typing import Protocol

from newsletter.model.consent import Revocation
from newsletter.model.submission import StoryEvent, Submission, SubmissionState


class RevocationReader(Protocol):
    """What storytellers took back, as far as the database knows."""

    def stops(self) -> tuple[Revocation, ...]: ...


class StoryEvents(Protocol):
    """The chain of consent events. `head` is its length and last hash."""

    def record(self, happened: Sequence[StoryEvent]) -> None: ...
    def events(self) -> tuple[StoryEvent, ...]: ...
    def head(self) -> tuple[int, str]: ...


class SubmissionReader(Protocol):
    """Finds submissions; `all` comes without ciphertexts."""

    def get(self, submission_id: str) -> Submission | None: ...
    def by_record(self, record_id: str) -> Submission | None: ...
    def by_receipt(self, receipt_hash: str) -> Submission | None: ...
    def all(self) -> tuple[Submission, ...]: ...


class StoryStore(SubmissionReader, StoryEvents, RevocationReader, Protocol):
    """Keeps submissions with their events. Each method is one transaction."""

    def add(self, submission: Submission, happened: Sequence[StoryEvent]) -> None: ...
    def change(
        self,
        submission: Submission,
        happened: Sequence[StoryEvent] = (),
        *,
        expected: SubmissionState,
    ) -> None: ...
    def take_back(
        self, stop: Revocation, happened: Sequence[StoryEvent], *, emptied: Submission | None
    ) -> None: ...
