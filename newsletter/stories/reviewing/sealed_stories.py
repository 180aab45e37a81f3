"""[I/O] Stories that only a key opens: nothing on the server knows their words, so they are opened
in memory where an editor's key is, and compared with what will leave."""

from collections.abc import Iterator, Sequence
from datetime import date

from newsletter.model.consent import Denied
from newsletter.model.message import RenderedEdition
from newsletter.model.submission import Submission, SubmissionState
from newsletter.stories.keys.identity import public_of
from newsletter.stories.keys.vault import unseal
from newsletter.stories.record.openings import opened
from newsletter.stories.record.recognition import Known, KnownTexts
from newsletter.stories.record.story_search import Finding
from newsletter.stories.services import StoryServices

_SEALED = (SubmissionState.WAITING, SubmissionState.PUBLISHABLE)


def sealed_only(services: StoryServices) -> tuple[Submission, ...]:
    """Return the stories whose words are nowhere here but sealed: nobody reviewed them, or the
    file that came of it lies on another machine."""
    here = {story.id for story in services.consents.stories()}
    return tuple(
        submission
        for submission in services.store.all()
        if submission.state in _SEALED and submission.story_id not in here
    )


def compare_sealed(
    services: StoryServices,
    sealed: Sequence[Submission],
    editions: Sequence[RenderedEdition],
    identity: str,
    *,
    on: date,
) -> tuple[Finding, ...]:
    """Open those stories in memory and return which of them the editions quote.

    Each opening is an event, written first. AttentionError when the key does not open one.
    """
    public = public_of(identity)
    names = {recipient.key: recipient.name for recipient in services.recipients()}
    name = names.get(public, "a key that is not listed")
    services.append_events([opened(one.consent.record_id, name, on) for one in sealed])
    texts = KnownTexts(_known(services, sealed, identity))
    ids = {one.consent.record_id: one.id for one in sealed}
    consents = services.consents
    return tuple(
        Finding(
            about=ids[record_id],
            record_id=record_id,
            denied=Denied(reason="the text quotes it, and nobody has reviewed it"),
            passages=passages,
        )
        for edition in editions
        for record_id, passages in consents.quoted(edition, texts, on=on).items()
    )


def _known(services: StoryServices, sealed: Sequence[Submission], identity: str) -> Iterator[Known]:
    for one in sealed:
        submission = services.store.get(one.id)
        if submission is None or not submission.sealed.text:
            continue  # withdrawn this moment
        told = unseal(submission.sealed.text, identity)
        yield services.folder.recognizer.known(
            one.consent.record_id,
            f"{told.get('title', '')}\n\n{told.get('text', '')}",
            given=one.received_on,
        )
