"""[I/O] `stories notice`: a storyteller got to know the notice later, and says yes."""

from dataclasses import replace
from datetime import date

from newsletter.errors import AttentionError, UsageError
from newsletter.model.consent import Consent
from newsletter.model.submission import Actor, EventKind, StoryEvent, SubmissionState
from newsletter.stories.record import document
from newsletter.stories.record.consent_notice import Notice
from newsletter.stories.services import StoryServices

_IN_USE = (SubmissionState.WAITING, SubmissionState.PUBLISHABLE)


def record_notice(
    services: StoryServices, wanted: str, *, notice: Notice, how: str, today: date
) -> Consent:
    """Record how and in which language the notice was shown; the consent begins with it.

    `wanted` is a submission or a story. UsageError when there is neither, AttentionError when it
    was shown before or the submission is refused, withdrawn or erased.
    """
    story = next((one for one in services.consents.stories() if one.id == wanted), None)
    record_id = story.consent.record_id if story else ""
    submission = services.store.by_record(record_id) if story else services.store.get(wanted)
    if submission is not None and submission.state not in _IN_USE:
        raise AttentionError(f"submission {submission.id} is {submission.state.value}")
    if story is None and submission is not None and submission.story_id:
        return record_notice(services, submission.story_id, notice=notice, how=how, today=today)
    given = story.consent if story else submission.consent if submission else None
    if given is None:
        raise UsageError(f"there is no story or submission {wanted!r}")
    if given.was_informed:
        raise AttentionError("the notice was shown already", hint="newsletter stories log")
    informed = _informed(given, notice, how, today)
    event = StoryEvent(
        record_id=given.record_id,
        kind=EventKind.GIVEN,
        on=today,
        actor=Actor.STORYTELLER,
        note=f"notice {how} in {notice.language}",
    )
    if submission is not None:
        known = replace(submission, consent=_informed(submission.consent, notice, how, today))
        services.store.change(known, [event], expected=submission.state)
        services.write_checkpoint()
    else:
        services.append_events([event])
    if story is not None:
        written = services.files.read(story.path)
        kept = document.read(written, file=story.path)
        changed = replace(kept, consent=_informed(kept.consent, notice, how, today))
        services.files.write(story.path, document.write(changed), expected=written)
    return informed


def _informed(consent: Consent, notice: Notice, how: str, today: date) -> Consent:
    """The consent, which begins on the day its giver got to know what it is about."""
    return replace(
        consent,
        notice_id=notice.id,
        notice_sha256=notice.sha256,
        notice_language=notice.language,
        notice_shown=how,
        notice_shown_on=today,
        valid_from=max(consent.valid_from, today),
    )
