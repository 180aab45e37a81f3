"""What the verbs about stories ask of a store."""

from collections.abc import Collection, Sequence
from typing import Protocol

from newsletter.model.consent import Revocation
from newsletter.model.letter import Letter, LetterState
from newsletter.model.story_use import StoryUse
from newsletter.model.submission import Checkpoint, StoryEvent, Submission, SubmissionState


class StoryStore(Protocol):
    """Keeps submissions, revocations and the hash chain of events. A method is a transaction."""

    def get(self, submission_id: str) -> Submission | None:
        """Return one submission, with its ciphertexts."""

    def by_record(self, record_id: str) -> Submission | None:
        """Return the submission of a consent record."""

    def by_story(self, story_id: str) -> Submission | None:
        """Return the submission that a story's file was made from; the oldest of several."""

    def by_receipt(self, receipt_hash: str) -> Submission | None:
        """Return the submission of the person who holds that receipt code."""

    def all(self) -> tuple[Submission, ...]:
        """Return every submission, oldest first, without ciphertexts."""

    def add(self, submission: Submission, events: Sequence[StoryEvent]) -> None:
        """Keep a new submission and its events."""

    def change(
        self,
        submission: Submission,
        events: Sequence[StoryEvent] = (),
        *,
        expected: SubmissionState,
    ) -> None:
        """Replace a submission. AttentionError when it is not in the `expected` state any more."""

    def revoke(
        self, revocation: Revocation, events: Sequence[StoryEvent], *, emptied: Submission | None
    ) -> None:
        """Keep a revocation; with `emptied`, put it in the submission's place."""

    def revocations(self) -> tuple[Revocation, ...]:
        """Return everything that was revoked; quick when nothing is new."""

    def append_events(self, events: Sequence[StoryEvent]) -> None:
        """Add to the end of the chain."""

    def events(self) -> tuple[StoryEvent, ...]:
        """Return the whole chain, in order."""

    def decisions(self) -> dict[str, str]:
        """Return the digests of the words that an editor decided on, by consent record."""

    def head(self) -> Checkpoint:
        """Return where the chain stands."""

    def uses_of(self, story_id: str) -> tuple[StoryUse, ...]:
        """Return the editions that were mailed with that story in them, by issue."""

    def keep_reply_key(self, submission_id: str, key: str) -> None:
        """Keep the public key of a code, while the story is kept."""

    def add_letter(self, letter: Letter, *, most: int, instead_of: Collection[str] = ()) -> bool:
        """Keep a letter in the place of others; False when there are `most` already."""

    def letters(self, submission_id: str) -> tuple[Letter, ...]:
        """Return the letters of a submission, oldest first."""

    def letters_to_editors(self) -> tuple[Letter, ...]:
        """Return every letter to the editors, oldest first."""

    def count_waiting(self) -> dict[str, int]:
        """Return how many letters the editors have not read, by submission."""

    def mark_letters(self, ids: Collection[str], state: LetterState) -> None:
        """Say what became of letters."""

    def reseal_letter(self, letter_id: str, sealed: bytes) -> None:
        """Put another ciphertext in the place of a letter's."""
