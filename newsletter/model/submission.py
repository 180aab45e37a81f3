"""A story as handed in: what identifies somebody is sealed to the editors' keys."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from newsletter.model.consent import Consent
from newsletter.model.story import sha256_of

CHAIN_START = "0" * 64


class SubmissionState(StrEnum):
    """Where a submission stands."""

    WAITING = "waiting"  # for an editor
    PUBLISHABLE = "publishable"  # there is a story file
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"  # kept as long as was promised, then emptied


class EventKind(StrEnum):
    """What happened to a consent."""

    REQUESTED = "requested"
    GIVEN = "given"
    AGREED = "agreed"  # the storyteller said yes to an exact text
    NARROWED = "narrowed"
    RENEWED = "renewed"
    WIDENED = "widened"
    EXPIRED = "expired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    OPENED = "opened"  # its seal, by an editor; with the name of the key
    KEY_ADDED = "key added"  # with its name; of no one consent
    KEY_REMOVED = "key removed"
    OVERRULED = "overruled"  # an editor went on in spite of a match, with a reason
    RELINKED = "relinked"  # an upgrade made the links before it anew; of no one consent


class Actor(StrEnum):
    """Who did it, by role only."""

    STORYTELLER = "storyteller"
    EDITOR = "editor"
    PROGRAM = "program"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """Ciphertexts (age). `text` holds who it is and what they wrote, `picture` a rebuilt picture,
    `notes` an editor's decisions. Empty once erased."""

    text: bytes = b""
    picture: bytes = b""
    notes: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """One row: random ids, hashes, days and ciphertext.

    `consent` lacks what could identify (the words to print, other people): those are sealed.
    No digest of the words: they are sealed, and nothing else knows them. `story_id` is the story
    file made from it.
    `reply_key` is the public key that only the receipt code opens; empty in older rows.
    """

    id: str
    consent: Consent
    received_on: date
    language: str
    state: SubmissionState = SubmissionState.WAITING
    story_id: str = ""
    sealed: Sealed = Sealed()
    reply_key: str = ""

    def emptied(self, state: SubmissionState) -> "Submission":
        """Return what may be left of it in that state: its ids, the notice and the dates."""
        consent = self.consent
        return replace(
            self,
            state=state,
            sealed=Sealed(),
            reply_key="",
            consent=Consent(
                record_id=consent.record_id,
                notice_id=consent.notice_id,
                notice_sha256=consent.notice_sha256,
                notice_language=consent.notice_language,
                notice_shown=consent.notice_shown,
                notice_shown_on=consent.notice_shown_on,
                method=consent.method,
                valid_from=consent.valid_from,
                expires_on=consent.expires_on,
                channels=frozenset(),
                languages=frozenset(),
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryEvent:
    """One link of the chain: `sha256` covers the fields and the link before."""

    record_id: str
    kind: EventKind
    on: date
    actor: Actor
    note: str = ""
    previous: str = ""
    sha256: str = ""

    @property
    def told(self) -> str:
        """Return the note for people: without the digests of a decision or an upgrade."""
        if self.kind is EventKind.RELINKED:
            return f"the {self.note.partition(' ')[0]} events before it"
        is_decision = self.kind is EventKind.OVERRULED and self.record_id
        return self.note.partition(" ")[2] if is_decision else self.note

    def after(self, previous: str) -> "StoryEvent":
        """Return the event as the next link after the one whose hash is `previous`."""
        sha256 = sha256_of(
            "story event 1",
            previous,
            self.record_id,
            self.kind.value,
            self.on.isoformat(),
            self.actor.value,
            self.note,
        )
        return replace(self, previous=previous, sha256=sha256)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """The chain had `length` links and ended in the hash `sha256`."""

    length: int
    sha256: str


def erasure(
    record_id: str, why: EventKind, *, on: date, actor: Actor, note: str = ""
) -> tuple[StoryEvent, ...]:
    """Return the two events of a submission that is emptied: why, and that it was."""
    return tuple(
        StoryEvent(record_id=record_id, kind=kind, on=on, actor=actor, note=note)
        for kind in (why, EventKind.ERASED)
    )
