"""[I/O] `stories purge`: delete what is past its time, and what a restore brought back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from newsletter.model.consent import Revocation
from newsletter.model.story import Story
from newsletter.model.submission import (
    Actor,
    EventKind,
    StoryEvent,
    Submission,
    SubmissionState,
    erasure,
)
from newsletter.stories.record.consent_notice import RETENTION_DAYS
from newsletter.stories.record.hash_chain import narrowing_note, tells
from newsletter.stories.services import StoryServices

_DONE = (SubmissionState.WITHDRAWN, SubmissionState.ERASED, SubmissionState.REFUSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Purged:
    """Random ids of what was emptied or removed."""

    erased: tuple[str, ...] = ()
    withdrawn_again: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def purge(services: StoryServices, *, today: date, dry_run: bool = False) -> Purged:
    """Empty what is past its time. Needs no key: nothing is opened."""
    again = sync_withdrawals(services, today=today, dry_run=dry_run)
    last_day = today - timedelta(days=RETENTION_DAYS)
    revocations = services.all_stops()
    known, _ = services.folder.load_after(revocations)
    lasts = _last_days(known, revocations)
    past = [
        submission
        for submission in services.store.all()
        if submission.id not in again
        and submission.state not in _DONE
        and lasts(submission) < last_day
    ]
    stories = [
        story
        for story in known
        if story.consent.withdrawn_on is not None or story.consent.last_day < last_day
    ]
    if not dry_run:
        for submission in past:
            record = submission.consent.record_id
            services.store.change(
                submission.emptied(SubmissionState.ERASED),
                erasure(record, EventKind.EXPIRED, on=today, actor=Actor.PROGRAM),
                expected=submission.state,
            )
        _remove(services, stories)
        services.write_checkpoint()
    return Purged(
        erased=tuple(submission.id for submission in past),
        withdrawn_again=again,
        files=tuple(story.path for story in stories),
    )


def sync_withdrawals(
    services: StoryServices, *, today: date, dry_run: bool = False
) -> tuple[str, ...]:
    """Bring every place to agreement about what was taken back: each file, the database and its
    chain. One was away, or an older one was put back.

    Returns the ids of the submissions that were withdrawn and the database still had.
    """
    stops = services.all_stops()
    withdrawals = [revoked for revoked in stops if revoked.withdrawn]
    by_record = {revoked.record_id: revoked for revoked in reversed(withdrawals)}
    by_story = {revoked.story_id: revoked for revoked in by_record.values() if revoked.story_id}
    still_there: list[tuple[Submission, Revocation]] = []
    for submission in services.store.all():
        withdrawal = by_record.get(submission.consent.record_id) or by_story.get(
            submission.story_id
        )
        if withdrawal is not None and submission.state is not SubmissionState.WITHDRAWN:
            still_there.append((submission, withdrawal))
    if not dry_run:
        missing = services.missing_stops()
        for submission, withdrawal in still_there:
            _revoke(services, withdrawal, today, submission.emptied(SubmissionState.WITHDRAWN))
        done = {withdrawal.record_id for _, withdrawal in still_there}
        for stop in missing:
            if not (stop.withdrawn and stop.record_id in done):
                _revoke(services, stop, today, None)
        services.revocation_file.complete(services.all_stops())
    return tuple(submission.id for submission, _ in still_there)


def remove_withdrawn(services: StoryServices) -> None:
    """Remove the files of stories that were taken back, where a restore put them here again."""
    stories, _ = services.folder.load_after(services.all_stops())
    _remove(services, [story for story in stories if story.consent.withdrawn_on is not None])


def _remove(services: StoryServices, stories: Sequence[Story]) -> None:
    for story in stories:
        if story.consent.withdrawn_on is not None:
            _remember(services, story, story.consent.withdrawn_on)
        services.remove_files(story)


def _last_days(
    stories: Sequence[Story], revocations: Sequence[Revocation]
) -> Callable[[Submission], date]:
    """Say until when a submission's consent lasts: as its story's does, or as was taken back."""
    by_story = {story.id: story.consent.last_day for story in stories}

    def last_day(submission: Submission) -> date:
        consent = submission.consent
        ours = (one for one in revocations if one.record_id == consent.record_id)
        return by_story.get(submission.story_id) or consent.after(ours).last_day

    return last_day


def _revoke(
    services: StoryServices, stop: Revocation, today: date, left: Submission | None
) -> None:
    """Tell the database of it, and its chain unless that says so already."""
    record, events = stop.record_id, tuple[StoryEvent, ...]()
    if left is not None or not tells(services.store.events(), stop):
        who, how = Actor.PROGRAM, "known from the file"
        if stop.withdrawn:
            events = erasure(record, EventKind.WITHDRAWN, on=today, actor=who, note=how)
        else:
            how, kind = narrowing_note(stop), EventKind.NARROWED
            events = (StoryEvent(record_id=record, kind=kind, on=today, actor=who, note=how),)
    services.store.revoke(stop, events, emptied=left)
    services.write_checkpoint()


def _remember(services: StoryServices, story: Story, on: date) -> None:
    """Know a withdrawn story's words again, though it was withdrawn where its file did not lie."""
    fingerprints = services.folder.recognizer.fingerprints(story.texts)
    kept = [revoked.fingerprints for revoked in services.all_stops()]
    if any(set(fingerprints) <= set(known) for known in kept):
        return
    withdrawal = Revocation(
        record_id=story.consent.record_id,
        story_id=story.id,
        on=on,
        withdrawn=True,
        fingerprints=fingerprints,
        given=story.consent.valid_from,
    )
    services.revocation_file.append(withdrawal)
    services.store.revoke(withdrawal, (), emptied=None)
