"""`stories withdraw` and the page for it: one step, at once, and it cannot be undone."""

from dataclasses import dataclass, replace
from datetime import date

from newsletter.model.consent import Consent, Edits, PictureConsent, Stop
from newsletter.model.story import Story
from newsletter.model.submission import (
    Actor,
    EventKind,
    Sealed,
    StoryEvent,
    Submission,
    SubmissionState,
)
from newsletter.stories.folder import FOLDER
from newsletter.stories.identifiers import code_hash, read_code
from newsletter.stories.recognition import story_fingerprints
from newsletter.workflow.story_desk import StoryDesk


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawn:
    """Done: nothing later carries the story. `reuse_by` had leave to reprint it: tell them.

    Mail that was sent before cannot be called back, and nobody is told that it was.
    """

    stop: Stop
    reuse_by: tuple[str, ...] = ()

    @property
    def story_id(self) -> str:
        """The story's random name, when there was a file."""
        return self.stop.story_id

    @property
    def record_id(self) -> str:
        """The consent's random name."""
        return self.stop.record_id


@dataclass(frozen=True, kw_only=True, slots=True)
class NotKnown:
    """No story goes by that code or id (any more)."""


def withdraw_by_code(desk: StoryDesk, typed: str, *, today: date) -> Withdrawn | NotKnown:
    """Withdraw with the receipt code alone: no account, no key, no editor, no database even."""
    code = read_code(typed)
    if code is None:
        return NotKnown()
    receipt = code_hash(code)
    submission = desk.store.by_receipt(receipt)
    stories = [story for story in desk.folder.load()[0] if story.consent.receipt_hash == receipt]
    return _withdraw(desk, submission, stories, today=today, actor=Actor.STORYTELLER)


def withdraw_by_id(desk: StoryDesk, any_id: str, *, today: date) -> Withdrawn | NotKnown:
    """Withdraw for a storyteller who asked; the id is a story's, a submission's or a record's."""
    stories = [
        story for story in desk.folder.load()[0] if any_id in (story.id, story.consent.record_id)
    ]
    submission = desk.store.get(any_id) or desk.store.by_record(
        stories[0].consent.record_id if stories else any_id
    )
    return _withdraw(desk, submission, stories, today=today, actor=Actor.EDITOR)


def _withdraw(
    desk: StoryDesk,
    submission: Submission | None,
    stories: list[Story],
    *,
    today: date,
    actor: Actor,
) -> Withdrawn | NotKnown:
    if submission is not None and submission.story_id:
        known = {story.id for story in stories}
        stories += [
            story
            for story in desk.folder.load()[0]
            if story.id == submission.story_id and story.id not in known
        ]
    if submission is None and not stories:
        return NotKnown()
    story_id = stories[0].id if stories else submission.story_id if submission else ""
    consent = submission.consent if submission else stories[0].consent
    stop = Stop(
        record_id=consent.record_id,
        story_id=story_id,
        on=today,
        withdrawn=True,
        fingerprints=tuple(one for story in stories for one in story_fingerprints(story.texts)),
        text_hash=submission.text_hash if submission else "",
    )
    # The tombstone comes first: whatever fails after it, the story is already stopped.
    desk.tombstones.add(stop)
    for story in stories:
        remove_story(desk, story)
    desk.store.take_back(
        stop,
        [
            StoryEvent(record_id=consent.record_id, kind=kind, on=today, actor=actor)
            for kind in (EventKind.WITHDRAWN, EventKind.ERASED)
        ],
        emptied=emptied(submission, SubmissionState.WITHDRAWN) if submission else None,
    )
    desk.anchor()
    reuse = {one for story in stories for one in story.consent.reuse_by}
    return Withdrawn(stop=stop, reuse_by=tuple(sorted(reuse)))


def remove_story(desk: StoryDesk, story: Story) -> None:
    """Remove a story's file and its picture."""
    desk.files.remove(story.path)
    if story.picture is not None:
        desk.files.remove(f"{FOLDER}/{story.picture.path}")


def emptied(submission: Submission, state: SubmissionState) -> Submission:
    """What may be left of a submission: its ids, the notice and the dates."""
    consent = submission.consent
    return replace(
        submission,
        state=state,
        text_hash="",
        sealed=Sealed(),
        consent=Consent(
            record_id=consent.record_id,
            notice_id=consent.notice_id,
            notice_sha256=consent.notice_sha256,
            notice_language=consent.notice_language,
            method=consent.method,
            valid_from=consent.valid_from,
            expires_on=consent.expires_on,
            channels=frozenset(),
            languages=frozenset(),
            edits=Edits.NONE,
            picture=PictureConsent.NONE,
        ),
    )
