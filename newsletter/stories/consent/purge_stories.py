"""[I/O] `stories purge`: delete what is past its time, and what a restore brought back."""

from dataclasses import dataclass
from datetime import date, timedelta

from newsletter.model.consent import Revocation
from newsletter.model.story import Story
from newsletter.model.submission import Actor, EventKind, Submission, SubmissionState, erasure
from newsletter.stories.record.consent_notice import RETENTION_DAYS
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
    past = [
        submission
        for submission in services.store.all()
        if submission.id not in again
        and submission.state not in _DONE
        and submission.consent.expires_on < last_day
    ]
    stories = [
        story
        for story in services.consents.stories()
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
        for story in stories:
            if story.consent.withdrawn_on is not None:
                _remember(services, story, story.consent.withdrawn_on)
            services.remove_files(story)
        services.write_checkpoint()
    return Purged(
        erased=tuple(submission.id for submission in past),
        withdrawn_again=again,
        files=tuple(story.path for story in stories),
    )


def sync_withdrawals(
    services: StoryServices, *, today: date, dry_run: bool = False
) -> tuple[str, ...]:
    """Tell the database of withdrawals it lacks: it was away, or an older one was put back.

    Returns the ids of the submissions that it still had.
    """
    on_disk = services.revocation_file.read()
    by_record = {revoked.record_id: revoked for revoked in on_disk if revoked.withdrawn}
    by_story = {revoked.story_id: revoked for revoked in by_record.values() if revoked.story_id}
    missing = services.missing_withdrawals()
    still_there: list[tuple[Submission, Revocation]] = []
    for submission in services.store.all():
        withdrawal = by_record.get(submission.consent.record_id) or by_story.get(
            submission.story_id
        )
        if withdrawal is not None and submission.state is not SubmissionState.WITHDRAWN:
            still_there.append((submission, withdrawal))
            missing.pop(withdrawal.record_id, None)
    if not dry_run:
        for submission, withdrawal in still_there:
            _revoke(services, withdrawal, today, submission.emptied(SubmissionState.WITHDRAWN))
        for _, withdrawal in sorted(missing.items()):
            _revoke(services, withdrawal, today, None)
    return tuple(submission.id for submission, _ in still_there)


def _revoke(
    services: StoryServices, withdrawal: Revocation, today: date, left: Submission | None
) -> None:
    events = erasure(
        withdrawal.record_id,
        EventKind.WITHDRAWN,
        on=today,
        actor=Actor.PROGRAM,
        note="known from the file",
    )
    services.store.revoke(withdrawal, events, emptied=left)
    services.write_checkpoint()


def _remember(services: StoryServices, story: Story, on: date) -> None:
    """Know a withdrawn story's words again, though it was withdrawn where its file did not lie."""
    fingerprints = services.folder.recognizer.fingerprints(story.texts)
    kept = [revoked.fingerprints for revoked in services.consents.revocations()]
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
