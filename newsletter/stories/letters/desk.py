"""[I/O] What editors open with their key: letters from storytellers, and how to reach them.

Each opening is an event with the name of the key, written before a word is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from newsletter.errors import AttentionError, NewsletterError, UsageError
from newsletter.model.consent import Allowed
from newsletter.model.letter import Letter, LetterState
from newsletter.model.submission import Submission
from newsletter.stories.keys.key_log import key_name
from newsletter.stories.keys.vault import unseal
from newsletter.stories.letters.answer import record_answer
from newsletter.stories.letters.from_storyteller import FromStoryteller, Says
from newsletter.stories.letters.proposal import forms_of, proof_of
from newsletter.stories.letters.to_storyteller import submission_named
from newsletter.stories.record.openings import opened
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import Identifying


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadLetter:
    """One letter, opened in memory. `outcome` says what was done about it, or why nothing was."""

    submission_id: str
    story_id: str
    on: date
    is_new: bool
    said: FromStoryteller | None = field(repr=False)
    outcome: str = ""


def read_letters(
    services: StoryServices, identity: str, *, any_id: str = "", older: bool = False, today: date
) -> Iterator[ReadLetter]:
    """Open the letters that nobody read (with `older`, all), record what they say yes or no to.

    UsageError when there is no story of that id.
    """
    wanted = submission_named(services, any_id).id if any_id else ""
    seen: dict[str, Submission | None] = {}
    for letter in services.store.letters_to_editors():
        is_new = letter.state is LetterState.WAITING
        if (wanted and letter.submission_id != wanted) or not (is_new or older):
            continue
        if letter.submission_id not in seen:
            submission = services.store.get(letter.submission_id)
            seen[letter.submission_id] = submission
            if submission is not None:
                _record_opening(services, submission, identity, today)
        submission = seen[letter.submission_id]
        if submission is not None:
            read, is_done = _read(services, submission, letter, identity, today)
            yield read
            if is_new and is_done:  # shown: until then, it is not read
                services.store.mark_letters([letter.id], LetterState.READ)


def open_contact(
    services: StoryServices, any_id: str, identity: str, *, today: date
) -> Identifying:
    """Return who told a story and how to reach them safely, in memory only.

    UsageError when there is no sealed story of that id, AttentionError when the key does not open
    it.
    """
    submission = submission_named(services, any_id)
    _record_opening(services, submission, identity, today)
    return Identifying.from_mapping(unseal(submission.sealed.text, identity))


def _record_opening(
    services: StoryServices, submission: Submission, identity: str, today: date
) -> None:
    name = key_name(services.recipients(), identity)
    services.append_events([opened(submission.consent.record_id, name, today)])


def _read(
    services: StoryServices, submission: Submission, letter: Letter, identity: str, today: date
) -> tuple[ReadLetter, bool]:
    """Open one, and record what it says; whether there is nothing left to do about it."""
    is_new = letter.state is LetterState.WAITING
    said, outcome, is_done = None, "", False
    try:
        said = FromStoryteller.from_mapping(unseal(letter.sealed, identity))
        outcome = _apply(services, submission, said, today) if is_new else ""
        is_done = True
    except NewsletterError as error:
        outcome = error.message
    except (KeyError, ValueError, TypeError, AttributeError):
        outcome = "this letter is damaged; ask the storyteller to write again"
    read = ReadLetter(
        submission_id=submission.id,
        story_id=submission.story_id,
        on=letter.on,
        is_new=is_new,
        said=said,
        outcome=outcome,
    )
    return read, is_done


def _apply(
    services: StoryServices, submission: Submission, said: FromStoryteller, today: date
) -> str:
    """Record an answer that came from a machine without the story's file. What was done, in words.

    AttentionError when it cannot be recorded: the letter then stays unread.
    """
    if said.recorded or said.says not in (Says.YES, Says.NO, Says.CHANGE):
        return "recorded already" if said.recorded else ""
    if said.proof != proof_of(services.recognition_key(), submission.id, said.forms):
        return "NOT recorded: nothing proves that it answers a text of ours. Ask the storyteller"
    try:
        story = services.story(said.story_id)
    except UsageError:
        raise AttentionError(
            f"the file of story {said.story_id} is not on this machine; run this where it is"
        ) from None
    if said.forms != forms_of(story, said.language, tuple(said.forms)):
        return "NOT recorded: the text was changed since. Send it back again"
    language, forms = said.language, said.forms
    answers = (
        story.consent.answer(channel=channel, language=language, on=today) for channel in forms
    )
    if said.says is Says.YES and not any(isinstance(answer, Allowed) for answer in answers):
        return "NOT recorded: there is no consent any more for where the text was proposed"
    done = record_answer(services, story, said.says, language=language, forms=forms, today=today)
    if said.says is Says.YES:
        return "recorded now"
    return "an earlier yes was taken back" if done else ""
