"""What lies between a storyteller and the editors, sealed: a text to agree to, or a message."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Direction(StrEnum):
    """Who may open it."""

    TO_STORYTELLER = "to the storyteller"  # by the code alone
    TO_EDITORS = "to the editors"  # by each of their keys


class LetterKind(StrEnum):
    """What it holds."""

    PROPOSAL = "proposal"  # the exact words that are to be printed, in one language
    MESSAGE = "message"


class LetterState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    READ = "read"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One letter about one submission. Nothing but its day and its way is in clear."""

    id: str
    submission_id: str
    direction: Direction
    kind: LetterKind
    on: date
    sealed: bytes = field(repr=False)
    state: LetterState = LetterState.WAITING
