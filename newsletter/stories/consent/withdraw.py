"""[I/O] `stories withdraw` and the page for it: one step, at once, and it cannot be undone."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from newsletter.errors import ServiceError, StoreError
from newsletter.model.consent import Revocation
from newsletter.model.story import Story, StoryText
from newsletter.model.submission import (
    Actor,
    EventKind,
    Submission,
    SubmissionState,
    erasure,
)
from newsletter.stories.ports import StoryStore
from newsletter.stories.record.identifiers import code_hash, read_code
from newsletter.stories.services import StoryServices

_Find = Callable[[StoryStore], Submission | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawn:
    """Done: nothing later carries the story. `reuse_by` had permission to reprint it: tell them.

    Mail that was sent before cannot be called back, and nobody is told that it was.
    `left_to_do` says what could not be done now; the story is stopped all the same. `texts` are its
    words, in memory only, for what follows.
    """

    revocation: Revocation
    reuse_by: tuple[str, ...] = ()
    left_to_do: tuple[str, ...] = ()
    texts: tuple[StoryText, ...] = field(default=(), repr=False)

    @property
    def story_id(self) -> str:
        """Return the story's random id, when there was a file."""
        return self.revocation.story_id

    @property
    def record_id(self) -> str:
        """Return the consent's random id."""
        return self.revocation.record_id


@dataclass(frozen=True, kw_only=True, slots=True)
class NotKnown:
    """No story goes by that code or id (any more)."""


def withdraw_by_code(services: StoryServices, typed: str, *, today: date) -> Withdrawn | NotKnown:
    """Withdraw with the receipt code alone: no account, no key, no editor, no database even."""
    code = read_code(typed)
    if code is None:
        return NotKnown()
    receipt = code_hash(code)
    files = services.folder.as_written()  # a damaged list of revocations must not hold this up
    stories = [story for story in files if story.consent.receipt_hash == receipt]
    return _withdraw(
        services,
        stories,
        lambda store: store.by_receipt(receipt),
        today=today,
        actor=Actor.STORYTELLER,
    )


def withdraw_by_id(services: StoryServices, any_id: str, *, today: date) -> Withdrawn | NotKnown:
    """Withdraw for a storyteller who asked; the id is a story's, a submission's or a record's."""
    files = services.folder.as_written()
    stories = [story for story in files if any_id in (story.id, story.consent.record_id)]
    record = stories[0].consent.record_id if stories else any_id
    return _withdraw(
        services,
        stories,
        lambda store: store.get(any_id) or store.by_record(record) or store.by_story(any_id),
        today=today,
        actor=Actor.EDITOR,
    )


def _withdraw(
    services: StoryServices, stories: list[Story], find: _Find, *, today: date, actor: Actor
) -> Withdrawn | NotKnown:
    """Withdraw on disk first: a database that is away cannot hold the withdrawal up."""
    done = None
    if stories:
        revocation = _revocation(services, stories, None, today)
        done = Withdrawn(
            revocation=revocation,
            reuse_by=_reprinters(stories),
            left_to_do=_remove_from_disk(services, revocation, stories),
            texts=_texts(stories),
        )
    try:
        submission = find(services.store)
        if submission is not None or done is not None:
            done = _finish(services, submission, stories, done, today=today, actor=actor)
    except StoreError as error:
        if done is None:
            raise type(error)(
                f"no story file here has that code or id, and {error.message}",
                hint="a story that was withdrawn before stays withdrawn; if this one was not, fix "
                "the database and withdraw it again",
            ) from error
        words = f"update the database once it works again: newsletter stories purge ({error})"
        return replace(done, left_to_do=(*done.left_to_do, words))
    return done or NotKnown()


def _finish(
    services: StoryServices,
    submission: Submission | None,
    stories: list[Story],
    on_disk: Withdrawn | None,
    *,
    today: date,
    actor: Actor,
) -> Withdrawn:
    """Withdraw what only the database knows: the sealed submission, a file that came of it."""
    known = {story.id for story in stories}
    more = [
        story
        for story in services.folder.as_written()
        if submission and story.id == submission.story_id and story.id not in known
    ]
    every = [*stories, *more]
    revocation = _revocation(services, every, submission, today)
    left = on_disk.left_to_do if on_disk else ()
    if on_disk is None or revocation != on_disk.revocation:
        left = (*left, *_remove_from_disk(services, revocation, more))
    services.store.revoke(
        revocation,
        erasure(revocation.record_id, EventKind.WITHDRAWN, on=today, actor=actor),
        emptied=submission.emptied(SubmissionState.WITHDRAWN) if submission else None,
    )
    try:
        services.write_checkpoint()
    except ServiceError as error:
        left = (*left, f"record where the log of events stands: newsletter stories purge ({error})")
    return Withdrawn(
        revocation=revocation,
        reuse_by=_reprinters(every),
        left_to_do=left,
        texts=_texts(every),
    )


def _texts(stories: list[Story]) -> tuple[StoryText, ...]:
    return tuple(text for story in stories for text in story.texts)


def _reprinters(stories: list[Story]) -> tuple[str, ...]:
    return tuple(sorted(frozenset[str]().union(*(story.consent.reuse_by for story in stories))))


def _revocation(
    services: StoryServices, stories: list[Story], submission: Submission | None, today: date
) -> Revocation:
    consent = submission.consent if submission else stories[0].consent
    return Revocation(
        record_id=consent.record_id,
        story_id=stories[0].id if stories else submission.story_id if submission else "",
        on=today,
        withdrawn=True,
        fingerprints=services.folder.recognizer.fingerprints(
            text for story in stories for text in story.texts
        ),
        given=consent.valid_from,
    )


def _remove_from_disk(
    services: StoryServices, revocation: Revocation, stories: list[Story]
) -> tuple[str, ...]:
    """Write the revocation, then remove the files; return what is left to do."""
    left = [*services.revocation_file.append(revocation)]
    for story in stories:
        try:
            services.remove_files(story)
        except ServiceError as error:
            left.append(f"remove the story's files by hand ({error})")
    return tuple(left)
