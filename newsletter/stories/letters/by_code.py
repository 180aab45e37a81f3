"""[I/O] What waits for whoever holds a receipt code, opened in memory and for one request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from newsletter.errors import AttentionError
from newsletter.model.consent import Consent, Revocation
from newsletter.model.letter import Direction, Letter, LetterKind, LetterState
from newsletter.model.story import Story
from newsletter.model.story_use import StoryUse
from newsletter.model.submission import Submission, SubmissionState
from newsletter.stories.consent.withdraw import NotKnown
from newsletter.stories.keys.code_identity import code_identity
from newsletter.stories.keys.identity import public_of
from newsletter.stories.keys.vault import unseal
from newsletter.stories.letters.proposal import Proposal
from newsletter.stories.record.identifiers import code_hash, read_code
from newsletter.stories.services import StoryServices


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingProposal:
    """A text to say yes or no to. `is_current` is no where the story was edited since."""

    letter_id: str
    on: date
    proposal: Proposal
    is_answered: bool
    is_agreed: bool
    is_current: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class FromEditors:
    """A message of the editors."""

    on: date
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What the code shows. `story` is None while there is no file of it on this machine.

    `sent` are the days of the storyteller's own letters and whether they were read; `unreadable`
    counts letters that are sealed to another key than this code's.
    """

    code: str = field(repr=False)
    submission: Submission
    consent: Consent
    story: Story | None
    proposals: tuple[WaitingProposal, ...]
    messages: tuple[FromEditors, ...]
    sent: tuple[tuple[date, bool], ...]
    unreadable: int
    uses: tuple[StoryUse, ...]

    def proposal(self, proof: str) -> WaitingProposal | None:
        """Return the proposal that was shown with that proof; None once another took its place."""
        return next((one for one in self.proposals if one.proposal.proof == proof), None)


def open_by_code(services: StoryServices, typed: str) -> Opened | NotKnown:
    """Open what waits for that code. The same answer for a wrong, withdrawn and never known one.

    A submission from before there were such keys gets its public one now. StoreError while the
    database is away.
    """
    code = read_code(typed)
    if code is None:
        return NotKnown()
    submission = services.store.by_receipt(code_hash(code))
    revocations = _stops(services)
    if submission is None or not _is_open(submission, revocations):
        return NotKnown()
    identity = code_identity(code)
    if submission.reply_key != public_of(identity):  # whoever holds the code says which it is
        services.store.keep_reply_key(submission.id, public_of(identity))
    story = _file_of(services.folder.load_after(revocations)[0], submission)
    letters = services.store.letters(submission.id)
    opened, unreadable = _opened(letters, identity)
    return Opened(
        code=code,
        submission=submission,
        consent=story.consent if story else submission.consent.after(_of(submission, revocations)),
        story=story,
        proposals=tuple(
            _waiting(letter, Proposal.from_mapping(contents), story)
            for letter, contents in opened
            if letter.kind is LetterKind.PROPOSAL
        ),
        messages=tuple(
            FromEditors(on=letter.on, text=contents["text"])
            for letter, contents in opened
            if letter.kind is LetterKind.MESSAGE
        ),
        sent=tuple(
            (letter.on, letter.state is not LetterState.WAITING)
            for letter in letters
            if letter.direction is Direction.TO_EDITORS
        ),
        unreadable=unreadable,
        uses=services.store.uses_of(submission.story_id) if submission.story_id else (),
    )


def _file_of(stories: Sequence[Story], submission: Submission) -> Story | None:
    named = (one for one in stories if submission.story_id and one.id == submission.story_id)
    return next(named, None)


def _stops(services: StoryServices) -> tuple[Revocation, ...]:
    """What was taken back. While the record is in doubt, whatever any place tells: no yes counts
    then, but who wants to limit something or to write must find the page."""
    try:
        return services.consents.revocations()
    except AttentionError:
        return services.all_stops()


def _is_open(submission: Submission, revocations: Sequence[Revocation]) -> bool:
    still = submission.state in (SubmissionState.WAITING, SubmissionState.PUBLISHABLE)
    return still and not any(revoked.withdrawn for revoked in _of(submission, revocations))


def _of(submission: Submission, revocations: Sequence[Revocation]) -> list[Revocation]:
    return [
        revoked
        for revoked in revocations
        if revoked.record_id == submission.consent.record_id
        or (revoked.withdrawn and revoked.story_id and revoked.story_id == submission.story_id)
    ]


def _opened(
    letters: Sequence[Letter], identity: str
) -> tuple[list[tuple[Letter, Mapping[str, Any]]], int]:
    opened: list[tuple[Letter, Mapping[str, Any]]] = []
    unreadable = 0
    for letter in letters:
        if letter.direction is Direction.TO_STORYTELLER:
            try:
                opened.append((letter, unseal(letter.sealed, identity)))
            except AttentionError:
                unreadable += 1
    return opened, unreadable


def _waiting(letter: Letter, proposal: Proposal, story: Story | None) -> WaitingProposal:
    return WaitingProposal(
        letter_id=letter.id,
        on=letter.on,
        proposal=proposal,
        is_answered=letter.state is LetterState.ANSWERED,
        is_agreed=story is not None and proposal.is_agreed(story),
        is_current=story is None or proposal.is_still(story),
    )
