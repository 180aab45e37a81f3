"""[I/O] What a storyteller answers by code: yes, no, "change this", a message.

A yes holds at once where the story's file lies on this machine and still has exactly the words that
were shown. Elsewhere the answer is a letter that binds them, and the editors' next
`newsletter stories messages` records it.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum, auto

from newsletter.errors import AttentionError
from newsletter.model.consent import Channel
from newsletter.model.letter import Direction, Letter, LetterKind, LetterState
from newsletter.model.story import Story
from newsletter.model.submission import Actor
from newsletter.stories.keys.vault import seal
from newsletter.stories.letters.by_code import Opened, WaitingProposal
from newsletter.stories.letters.from_storyteller import LONGEST, FromStoryteller, Says
from newsletter.stories.recognition.words import clean
from newsletter.stories.record.identifiers import new_id
from newsletter.stories.reviewing.read_back import record_agreement, strike_agreement
from newsletter.stories.services import StoryServices

MOST_MESSAGES = 20  # to the editors about one story; then they have something to read first
MOST_ANSWERS = 40  # there is always room for a yes or a no after messages


class Answered(Enum):
    """What became of it."""

    HOLDS = auto()  # recorded: it counts from now on
    PASSED_ON = auto()  # the editors find it when they look
    CHANGED = auto()  # the words are not the ones that were shown any more
    EMPTY = auto()
    TOO_LONG = auto()
    FULL = auto()  # too many letters that wait


def answer_proposal(
    services: StoryServices, opened: Opened, proof: str, says: Says, *, text: str = "", today: date
) -> Answered:
    """Answer the proposal that was shown with that proof: yes, no, or what to change."""
    text = clean(text).strip()
    waiting = opened.proposal(proof)
    if waiting is None or not waiting.is_current or not _is_allowed(opened, waiting):
        return Answered.CHANGED
    if says is Says.CHANGE and not text:
        return Answered.EMPTY
    if len(text) > LONGEST:
        return Answered.TOO_LONG
    try:
        holds = _record(services, opened, waiting, says, today)
    except AttentionError:  # edited, narrowed or over in this very moment
        return Answered.CHANGED
    proposal = waiting.proposal
    letter = FromStoryteller(
        says=says,
        text=text,
        story_id=proposal.story_id,
        language=proposal.language,
        recorded=holds,
        forms=proposal.forms,
        proof=proposal.proof,
    )
    is_written = _write(services, opened, letter, today, most=MOST_ANSWERS)
    if not is_written and (says is Says.CHANGE or not holds):
        return Answered.FULL
    services.store.mark_letters([waiting.letter_id], LetterState.ANSWERED)
    return Answered.HOLDS if holds else Answered.PASSED_ON


def _is_allowed(opened: Opened, waiting: WaitingProposal) -> bool:
    """Whether the consent still has a place for the text."""
    return bool(waiting.proposal.forms.keys() & opened.consent.channels)


def _record(
    services: StoryServices, opened: Opened, waiting: WaitingProposal, says: Says, today: date
) -> bool:
    """Let the answer hold, where the file is; whether it does now."""
    story, proposal = opened.story, waiting.proposal
    if story is None:
        return False
    language, forms = proposal.language, proposal.forms
    record_answer(services, story, says, language=language, forms=forms, today=today)
    return True


def record_answer(
    services: StoryServices,
    story: Story,
    says: Says,
    *,
    language: str,
    forms: Mapping[Channel, str],
    today: date,
) -> bool:
    """Let a yes hold where its consent still has a place, or strike an earlier one; return whether
    anything was recorded or struck."""
    if says is not Says.YES:
        return strike_agreement(
            services, story.id, forms=forms, actor=Actor.STORYTELLER, today=today
        )
    record_agreement(
        services,
        story.id,
        language=language,
        channels=forms.keys() & story.consent.channels,
        method="by code",
        actor=Actor.STORYTELLER,
        forms=forms,
        today=today,
    )
    return True


def write_to_editors(
    services: StoryServices, opened: Opened, text: str, *, today: date
) -> Answered:
    """Leave a message for the editors, sealed to their keys."""
    text = clean(text).strip()
    if not text:
        return Answered.EMPTY
    if len(text) > LONGEST:
        return Answered.TOO_LONG
    message = FromStoryteller(says=Says.MESSAGE, text=text)
    kept = _write(services, opened, message, today, most=MOST_MESSAGES)
    return Answered.PASSED_ON if kept else Answered.FULL


def tell_editors(
    services: StoryServices, opened: Opened, says: Says, *, asked: str = "", today: date
) -> bool:
    """Tell the editors what the storyteller changed or asks for; whether there was room."""
    told = FromStoryteller(says=says, story_id=opened.submission.story_id, asked=asked)
    return _write(services, opened, told, today, most=MOST_ANSWERS)


def _write(
    services: StoryServices, opened: Opened, letter: FromStoryteller, today: date, *, most: int
) -> bool:
    keys = [recipient.key for recipient in services.recipients()]
    return services.store.add_letter(
        Letter(
            id=new_id(),
            submission_id=opened.submission.id,
            direction=Direction.TO_EDITORS,
            kind=LetterKind.MESSAGE,
            on=today,
            sealed=seal(letter.as_mapping(), keys),
        ),
        most=most,
    )
