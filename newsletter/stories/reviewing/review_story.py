"""[I/O] `stories review`: opened in memory, written without what identifies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from newsletter.errors import AttentionError, UsageError
from newsletter.model.consent import Attribution, PictureConsent, ThirdParty
from newsletter.model.story import PICTURE_CHECKS, Story, StoryPicture, StoryText
from newsletter.model.submission import Actor, EventKind, Submission, SubmissionState, erasure
from newsletter.stories.keys.vault import seal, unseal
from newsletter.stories.record import document
from newsletter.stories.record.folder import FOLDER
from newsletter.stories.record.identifiers import new_id
from newsletter.stories.record.pictures import RebuiltPicture, rebuild
from newsletter.stories.reviewing.review import (
    Decision,
    Detail,
    apply_decisions,
    details,
    with_review,
)
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import Identifying


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedSubmission:
    """A submission opened in memory, with its marked details. Never written, never logged."""

    submission: Submission
    identifying: Identifying
    title_details: tuple[Detail, ...] = field(repr=False)
    text_details: tuple[Detail, ...] = field(repr=False)
    picture: RebuiltPicture | None = field(default=None, repr=False)

    @property
    def details(self) -> tuple[Detail, ...]:
        """Return the title's details, then the text's: decisions are given in this order."""
        return (*self.title_details, *self.text_details)


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureDecision:
    """What an editor says of a picture: its description, and each thing they looked for."""

    alt: str
    checked: frozenset[str]


def open_submission(services: StoryServices, submission_id: str, identity: str) -> OpenedSubmission:
    """Open one submission. AttentionError when it is not waiting or this key does not open it."""
    submission = services.store.get(submission_id)
    if submission is None:
        raise UsageError(
            f"there is no submission {submission_id!r}", hint="see newsletter stories inbox"
        )
    if submission.state is not SubmissionState.WAITING:
        raise AttentionError(f"submission {submission_id} is {submission.state.value}")
    identifying = Identifying.from_mapping(unseal(submission.sealed.text, identity))
    picture = None
    if submission.sealed.picture:
        picture = RebuiltPicture.from_mapping(unseal(submission.sealed.picture, identity))
    language = identifying.language
    return OpenedSubmission(
        submission=submission,
        identifying=identifying,
        title_details=details(identifying.title, language),
        text_details=details(identifying.text, language),
        picture=picture,
    )


def make_publishable(
    services: StoryServices,
    opened: OpenedSubmission,
    decisions: Sequence[Decision],
    *,
    title: str = "",
    others: Sequence[ThirdParty] = (),
    picture: PictureDecision | None = None,
) -> Story:
    """Write the story file: the edited text and the public half of the consent.

    Each detail needs its decision; a picture needs every check, or is left out. The original stays
    sealed. AttentionError while something is undecided, and then nothing is written.
    """
    if len(decisions) != len(opened.details):
        missing = len(opened.details) - len(decisions)
        raise AttentionError(
            f"{missing} details are undecided; nothing was written",
            hint="run stories review again and decide each of them",
        )
    story = _story(opened, decisions, title=title, others=others)
    withdrawn = services.consents.revocations()
    recognizer = services.folder.recognizer
    if recognizer.withdrawn_again(opened.identifying.text, withdrawn) is not None:
        raise AttentionError("this story was withdrawn and cannot come back")
    shown = _picture(story, opened, picture)
    if shown is not None:
        story = replace(story, picture=shown[0])
    story = with_review(story, decisions)
    keys = [recipient.key for recipient in services.recipients()]
    sealed = replace(opened.submission.sealed, notes=seal(_notes(opened, decisions), keys))
    if shown is not None:
        services.files.write_bytes(shown[0].file, shown[1].data)
    services.files.write(story.path, document.write(story))
    try:
        services.store.change(
            replace(
                opened.submission,
                state=SubmissionState.PUBLISHABLE,
                story_id=story.id,
                sealed=sealed,
            ),
            expected=SubmissionState.WAITING,
        )
    except AttentionError:
        # Withdrawn while the editor was deciding: what was just written must not stay.
        services.remove_files(story)
        raise
    return story


def refuse(services: StoryServices, submission_id: str, *, today: date) -> None:
    """Decide not to use a submission: its ciphertexts are deleted."""
    submission = services.store.get(submission_id)
    if submission is None:
        raise UsageError(f"there is no submission {submission_id!r}")
    services.store.change(
        submission.emptied(SubmissionState.REFUSED),
        erasure(submission.consent.record_id, EventKind.REFUSED, on=today, actor=Actor.EDITOR),
        expected=SubmissionState.WAITING,
    )
    services.write_checkpoint()


def _story(
    opened: OpenedSubmission,
    decisions: Sequence[Decision],
    *,
    title: str,
    others: Sequence[ThirdParty],
) -> Story:
    identifying = opened.identifying
    split = len(opened.title_details)
    body = apply_decisions(identifying.text, opened.text_details, decisions[split:])
    body = re.sub(r"^(?=# )", r"\\", body, flags=re.MULTILINE)  # not a heading of the file's
    own_title = apply_decisions(identifying.title, opened.title_details, decisions[:split])
    story_id = opened.submission.story_id or new_id()
    return Story(
        id=story_id,
        consent=replace(
            opened.submission.consent,
            attribution=identifying.attribution,
            attribution_words=identifying.attribution_words
            if identifying.attribution is not Attribution.ANONYMOUS
            else "",
            third_parties=tuple(others),
        ),
        texts=(
            StoryText(
                language=identifying.language,
                title=" ".join((title or own_title or "…").split()),
                excerpt=body,
                body=body,
            ),
        ),
        path=f"{FOLDER}/{story_id}.md",
    )


def _picture(
    story: Story, opened: OpenedSubmission, decision: PictureDecision | None
) -> tuple[StoryPicture, RebuiltPicture] | None:
    if decision is None or opened.picture is None:
        return None
    if story.consent.picture is PictureConsent.NONE:
        raise AttentionError("there is no consent for a picture")
    if missing := PICTURE_CHECKS - decision.checked:
        raise AttentionError(f"the picture is not checked for {', '.join(sorted(missing))}")
    rebuilt = rebuild(opened.picture.data)
    ending = "png" if rebuilt.media_type == "image/png" else "jpg"
    shown = StoryPicture(
        path=f"{story.id}.{ending}",
        alt=decision.alt,
        sha256=sha256(rebuilt.data).hexdigest(),
        checked=decision.checked,
    )
    return shown, rebuilt


def _notes(opened: OpenedSubmission, decisions: Sequence[Decision]) -> dict[str, object]:
    """What was decided and why: sealed, for it quotes what was taken out."""
    return {
        "schema": "newsletter review 1",
        "decisions": [
            {
                "words": detail.words,
                "kind": detail.mark.kind.value,
                "choice": decision.choice.value,
                "note": decision.words,
            }
            for detail, decision in zip(opened.details, decisions, strict=True)
        ],
    }
