"""`stories purge`: empties what was kept as long as promised, and what a restore brought back."""

from dataclasses import dataclass
from datetime import date, timedelta

from newsletter.model.consent import Stop
from newsletter.model.story import Story
from newsletter.model.submission import Actor, EventKind, StoryEvent, Submission, SubmissionState
from newsletter.stories.notice import RETENTION_DAYS
from newsletter.stories.recognition import story_fingerprints
from newsletter.workflow.story_desk import StoryDesk
from newsletter.workflow.withdraw import emptied, remove_story

_DONE = (SubmissionState.WITHDRAWN, SubmissionState.ERASED, SubmissionState.REFUSED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Purged:
    """Random ids of what was emptied or removed."""

    erased: tuple[str, ...] = ()
    withdrawn_again: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def purge(desk: StoryDesk, *, today: date, dry_run: bool = False) -> Purged:
    """Empty what is past its time. Needs no key: nothing is opened."""
    stops = {stop.record_id: stop for stop in desk.tombstones.read() if stop.withdrawn}
    known = {stop.record_id for stop in desk.store.stops() if stop.withdrawn}
    last_day = today - timedelta(days=RETENTION_DAYS)
    again, past = [], []
    for submission in desk.store.all():
        record = submission.consent.record_id
        if record in stops and submission.state is not SubmissionState.WITHDRAWN:
            again.append(submission)
        elif submission.state not in _DONE and submission.consent.expires_on < last_day:
            past.append(submission)
    stories = [
        story
        for story in desk.folder.load_after(desk.consents.stops())[0]
        if story.consent.withdrawn_on is not None or story.consent.last_day < last_day
    ]
    if not dry_run:
        for submission in again:
            _again(desk, submission, stops[submission.consent.record_id], today)
        for record, stop in stops.items():
            if record not in known and record not in {one.consent.record_id for one in again}:
                desk.store.take_back(stop, _events(record, today), emptied=None)
        for submission in past:
            _erase(desk, submission, today)
        for story in stories:
            if story.consent.withdrawn_on is not None:
                _remember(desk, story, story.consent.withdrawn_on)
            remove_story(desk, story)
        desk.anchor()
    return Purged(
        erased=tuple(submission.id for submission in past),
        withdrawn_again=tuple(submission.id for submission in again),
        files=tuple(story.path for story in stories),
    )


def _again(desk: StoryDesk, submission: Submission, stop: Stop, today: date) -> None:
    """A restored database still has what was withdrawn: empty it once more."""
    desk.store.take_back(
        stop,
        _events(submission.consent.record_id, today),
        emptied=emptied(submission, SubmissionState.WITHDRAWN),
    )


def _remember(desk: StoryDesk, story: Story, on: date) -> None:
    """Know a withdrawn story's words again, though it was withdrawn where its file did not lie."""
    fingerprints = story_fingerprints(story.texts)
    if any(set(fingerprints) <= set(stop.fingerprints) for stop in desk.consents.stops()):
        return
    stop = Stop(
        record_id=story.consent.record_id,
        story_id=story.id,
        on=on,
        withdrawn=True,
        fingerprints=fingerprints,
    )
    desk.tombstones.add(stop)
    desk.store.take_back(stop, (), emptied=None)


def _erase(desk: StoryDesk, submission: Submission, today: date) -> None:
    record = submission.consent.record_id
    desk.store.change(
        emptied(submission, SubmissionState.ERASED),
        [
            StoryEvent(record_id=record, kind=kind, on=today, actor=Actor.PROGRAM)
            for kind in (EventKind.EXPIRED, EventKind.ERASED)
        ],
        expected=submission.state,
    )


def _events(record: str, today: date) -> tuple[StoryEvent, ...]:
    return tuple(
        StoryEvent(
            record_id=record, kind=kind, on=today, actor=Actor.PROGRAM, note="known from the file"
        )
        for kind in (EventKind.WITHDRAWN, EventKind.ERASED)
    )
