"""[I/O] Stories that only a key opens: nothing on the server knows their words, so they are opened
in memory where an editor's key is, and compared with what will leave."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from newsletter.errors import AttentionError
from newsletter.model.consent import Denied
from newsletter.model.message import RenderedEdition
from newsletter.model.submission import Submission, SubmissionState
from newsletter.stories.keys.key_log import key_name
from newsletter.stories.keys.vault import unseal
from newsletter.stories.record.openings import opened
from newsletter.stories.record.recognition import Known, KnownTexts
from newsletter.stories.record.story_search import Finding
from newsletter.stories.services import StoryServices

_UNREVIEWED = Denied(reason="the text quotes it, and nobody has reviewed it")
_CUT = Denied(reason="the text quotes words that are not in the text made of it")
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


def cut_from(services: StoryServices) -> tuple[Submission, ...]:
    """Return the reviewed stories whose file is here: what an editor cut from it is only sealed."""
    here = {story.id for story in services.consents.stories()}
    return tuple(
        one
        for one in services.store.all()
        if one.state is SubmissionState.PUBLISHABLE and one.story_id in here
    )


def compare_sealed(
    services: StoryServices,
    sealed: Sequence[Submission],
    editions: Sequence[RenderedEdition],
    identity: str,
    *,
    on: date,
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Open those stories in memory and return which of them the editions quote, and the ids of
    the submissions that were compared.

    Each opening is an event, written first. AttentionError when the key does not open one that
    nobody has reviewed; a reviewed one from before the key is passed over.
    """
    name = key_name(services.recipients(), identity)
    services.append_events([opened(one.consent.record_id, name, on) for one in sealed])
    consents = services.consents
    here = {story.id for story in consents.stories()}
    told = dict(_known(services, sealed, identity, here))
    texts = KnownTexts(told.values())
    by_record = {one.consent.record_id: one for one in sealed}
    found = tuple(
        Finding(
            about=by_record[record_id].id,
            record_id=record_id,
            denied=_CUT if by_record[record_id].story_id in here else _UNREVIEWED,
            passages=passages,
        )
        for edition in editions
        for record_id, passages in consents.quoted(edition, texts, on=on).items()
    )
    return found, tuple(told)


def _known(
    services: StoryServices, sealed: Sequence[Submission], identity: str, here: Collection[str]
) -> Iterator[tuple[str, Known]]:
    for one in sealed:
        submission = services.store.get(one.id)
        if submission is None or not submission.sealed.text:
            continue  # withdrawn this moment
        try:
            told = unseal(submission.sealed.text, identity)
        except AttentionError:
            if one.story_id in here:
                continue
            raise
        known = services.folder.recognizer.known(
            one.consent.record_id,
            f"{told.get('title', '')}\n\n{told.get('text', '')}",
            given=one.received_on,
        )
        yield one.id, known
