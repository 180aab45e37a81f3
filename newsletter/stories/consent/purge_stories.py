"""[I/O] `stories purge`: delete what is past its time, and what a restore brought back."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from newsletter.model.consent import Revocation
from newsletter.model.story import Story
from newsletter.model.submission import Actor, EventKind, Submission, SubmissionState, erasure
from newsletter.stories.consent.withdraw import emptied, remove_story
from newsletter.stories.record.consent_notice import RETENTION_DAYS
from newsletter.stories.record.recognition import story_fingerprints
from newsletter.stories.services import StoryServices

_DONE = (SubmissionState.WITHDRAWN, SubmissionState.ERASED, SubmissionState.REFUSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Purged:
    """Random ids of what was emptied or removed."""

    erased: tuple[str, ...] = ()
    withdrawn_again: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def purge(desk: StoryServices, *, today: date, dry_run: bool = False) -> Purged:
    """Empty what is past its time. Needs no key: nothing is opened."""
    again = settle(desk, today=today, dry_run=dry_run)
    last_day = today - timedelta(days=RETENTION_DAYS)
    past = [
        submission
        for submission in desk.store.all()
        if submission.id not in again
        and submission.state not in _DONE
        and submission.consent.expires_on < last_day
    ]
    stories = [
        story
        for story in desk.folder.load_after(desk.consents.stops())[0]
        if story.consent.withdrawn_on is not None or story.consent.last_day < last_day
    ]
    if not dry_run:
        for submission in past:
            _erase(desk, submission, today)
        for story in stories:
            if story.consent.withdrawn_on is not None:
                _remember(desk, story, story.consent.withdrawn_on)
            remove_story(desk, story)
        desk.anchor()
    return Purged(
        erased=tuple(submission.id for submission in past),
        withdrawn_again=again,
        files=tuple(story.path for story in stories),
    )


def settle(desk: StoryServices, *, today: date, dry_run: bool = False) -> tuple[str, ...]:
    """Tell the database of withdrawals it lacks: it was away, or an older one was put back.

    Returns the ids of the submissions that it still had.
    """
    stops = {stop.record_id: stop for stop in desk.tombstones.read() if stop.withdrawn}
    by_story = {stop.story_id: stop for stop in stops.values() if stop.story_id}
    unknown = set(stops) - {stop.record_id for stop in desk.store.stops() if stop.withdrawn}
    found: list[tuple[Submission, Revocation]] = []
    for submission in desk.store.all():
        stop = stops.get(submission.consent.record_id) or by_story.get(submission.story_id)
        if stop is not None and submission.state is not SubmissionState.WITHDRAWN:
            found.append((submission, stop))
    if not dry_run:
        for submission, stop in found:
            if submission.text_hash and not stop.text_hash:
                # Its words are known again by this, should they be handed in once more.
                stop = replace(stop, text_hash=submission.text_hash)
                desk.tombstones.add(stop)
            _take_back(desk, stop, today, emptied(submission, SubmissionState.WITHDRAWN))
        for record in sorted(unknown - {stop.record_id for _, stop in found}):
            _take_back(desk, stops[record], today, None)
    return tuple(submission.id for submission, _ in found)


def _take_back(desk: StoryServices, stop: Revocation, today: date, left: Submission | None) -> None:
    events = erasure(
        stop.record_id,
        EventKind.WITHDRAWN,
        on=today,
        actor=Actor.PROGRAM,
        note="known from the file",
    )
    desk.store.take_back(stop, events, emptied=left)
    desk.anchor()


def _remember(desk: StoryServices, story: Story, on: date) -> None:
    """Know a withdrawn story's words again, though it was withdrawn where its file did not lie."""
    fingerprints = story_fingerprints(story.texts)
    if any(set(fingerprints) <= set(stop.fingerprints) for stop in desk.consents.stops()):
        return
    stop = Revocation(
        record_id=story.consent.record_id,
        story_id=story.id,
        on=on,
        withdrawn=True,
        fingerprints=fingerprints,
    )
    desk.tombstones.add(stop)
    desk.store.take_back(stop, (), emptied=None)


def _erase(desk: StoryServices, submission: Submission, today: date) -> None:
    record = submission.consent.record_id
    desk.store.change(
        emptied(submission, SubmissionState.ERASED),
        erasure(record, EventKind.EXPIRED, on=today, actor=Actor.PROGRAM),
        expected=submission.state,
    )
