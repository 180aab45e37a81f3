"""[I/O] Stories that only a key opens: nothing on the server knows their words, so they are opened
in memory where an editor's key is, and compared with what will leave."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from newsletter.errors import AttentionError
from newsletter.model.consent import Denied
from newsletter.model.message import RenderedEdition
from newsletter.model.submission import Submission, SubmissionState
from newsletter.stories.keys.key_log import key_name
from newsletter.stories.keys.vault import unseal
from newsletter.stories.recognition.recognizer import Known, KnownTexts
from newsletter.stories.recognition.story_search import Finding
from newsletter.stories.record.openings import opened
from newsletter.stories.services import StoryServices

_UNREVIEWED = Denied(reason="the text quotes it, and nobody has reviewed it")
_CUT = Denied(reason="the text quotes words that are not in the text made of it")
_SEALED = (SubmissionState.WAITING, SubmissionState.PUBLISHABLE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedStories:
    """What only a key opens, of each kind.

    The words of those that are `waiting` are nowhere here but sealed: nobody reviewed them, or the
    file that came of it lies on another machine. Of the `cut` ones there is a file here; what an
    editor cut from it is only sealed.
    """

    waiting: tuple[Submission, ...] = ()
    cut: tuple[Submission, ...] = ()


def sealed_stories(services: StoryServices) -> SealedStories:
    """Return the stories that have to be opened to be compared."""
    here = _here(services)
    sealed = [one for one in services.store.all() if one.state in _SEALED]
    return SealedStories(
        waiting=tuple(one for one in sealed if one.story_id not in here),
        cut=tuple(one for one in sealed if one.story_id in here),
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
    here = _here(services)
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
        for record_id, passages in services.consents.quoted(edition, texts, on=on).items()
    )
    return found, tuple(told)


def _here(services: StoryServices) -> set[str]:
    return {story.id for story in services.consents.stories()}


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
