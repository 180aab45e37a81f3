"""[I/O] `stories review`: opened in memory, written without what identifies."""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from newsletter.errors import AttentionError, UsageError
from newsletter.model.consent import Attribution, Channel, PictureConsent
from newsletter.model.story import PICTURE_CHECKS, Story, StoryPicture, StoryText
from newsletter.model.submission import Actor, EventKind, Submission, SubmissionState, erasure
from newsletter.stories.keys.key_log import key_name
from newsletter.stories.keys.vault import seal, unseal
from newsletter.stories.record import document
from newsletter.stories.record.folder import FOLDER
from newsletter.stories.record.identifiers import new_id
from newsletter.stories.record.openings import opened
from newsletter.stories.record.pictures import RebuiltPicture, rebuild
from newsletter.stories.reviewing.excerpt import proposed_end, with_excerpt
from newsletter.stories.reviewing.review import with_review
from newsletter.stories.reviewing.session import Part, ReviewSession
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import Identifying


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedSubmission:
    """A submission opened in memory. Never written, never logged."""

    submission: Submission
    identifying: Identifying
    picture: RebuiltPicture | None = field(default=None, repr=False)

    def session(self, language: str = "", *, title: str = "") -> ReviewSession:
        """Begin its review: the title, then the text.

        `language` is given if it is not the one declared, `title` if it is not the storyteller's.
        """
        language = language or self.identifying.language
        named = (("title", title or self.identifying.title), ("text", self.identifying.text))
        return ReviewSession.start(
            Part(name=name, language=language, text=text) for name, text in named
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureDecision:
    """What an editor says of a picture: its description, and each thing they looked for."""

    alt: str
    checked: frozenset[str]


def open_submission(
    services: StoryServices, submission_id: str, identity: str, *, today: date
) -> OpenedSubmission:
    """Open one submission; the log says before that it was, and with whose key.

    AttentionError when it is not waiting or this key does not open it.
    """
    submission = services.store.get(submission_id)
    if submission is None:
        raise UsageError(
            f"there is no submission {submission_id!r}", hint="see newsletter stories inbox"
        )
    if submission.state is not SubmissionState.WAITING:
        raise AttentionError(f"submission {submission_id} is {submission.state.value}")
    name = key_name(services.recipients(), identity)
    services.append_events([opened(submission.consent.record_id, name, today)])
    identifying = Identifying.from_mapping(unseal(submission.sealed.text, identity))
    picture = None
    if submission.sealed.picture:
        picture = RebuiltPicture.from_mapping(unseal(submission.sealed.picture, identity))
    return OpenedSubmission(submission=submission, identifying=identifying, picture=picture)


def reviewed_body(session: ReviewSession) -> str:
    """Return a submission's text as it stands in the review, as its file will have it."""
    # Not a heading of the file's, nor its sign of where the excerpt ends.
    return re.sub(r"^(?=# |<!--)", r"\\", session.preview()[1], flags=re.MULTILINE).strip()


def make_publishable(
    services: StoryServices,
    opened: OpenedSubmission,
    session: ReviewSession,
    *,
    excerpt_end: int | None = None,
    picture: PictureDecision | None = None,
) -> Story:
    """Write the story file: the edited text and the public half of the consent.

    The session must be finished; a picture needs every check, or is left out. `excerpt_end` counts
    characters of `reviewed_body`; without it the excerpt is as long as the consent allows. The
    original stays sealed. AttentionError while something is undecided; then nothing is written.
    """
    if not session.is_finished:
        raise AttentionError(
            f"{len(session.open)} details are undecided; nothing was written"
            if session.open
            else "the review is not finished; nothing was written",
            hint="run stories review again and answer every question",
        )
    # A review that was killed may have left the file: it is written again, not beside it.
    record_id = opened.submission.consent.record_id
    files = services.folder.as_written()
    left = next((story.id for story in files if story.consent.record_id == record_id), "")
    story = _story(opened, session, excerpt_end, opened.submission.story_id or left or new_id())
    withdrawn = services.consents.revocations()
    recognizer = services.folder.recognizer
    if recognizer.withdrawn_again(opened.identifying.text, withdrawn) is not None:
        raise AttentionError("this story was withdrawn and cannot come back")
    shown = _picture(story, opened, picture)
    if shown is not None:
        story = replace(story, picture=shown[0])
    story = with_review(story, session.decisions.values())
    keys = [recipient.key for recipient in services.recipients()]
    sealed = replace(opened.submission.sealed, notes=seal(_notes(session), keys))
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
    opened: OpenedSubmission, session: ReviewSession, excerpt_end: int | None, story_id: str
) -> Story:
    identifying = opened.identifying
    consent = opened.submission.consent
    body = reviewed_body(session)
    if excerpt_end is None:
        excerpt_end = len(body) if Channel.EMAIL_FULL in consent.channels else proposed_end(body)
    if not body:
        raise AttentionError(
            "no word of the text is left; nothing was written",
            hint="to decide against it: newsletter stories refuse",
        )
    title = " ".join((session.preview()[0] or "…").split())
    text = StoryText(language=session.parts[1].language, title=title, excerpt=body, body=body)
    return Story(
        id=story_id,
        consent=replace(
            consent,
            attribution=identifying.attribution,
            attribution_words=identifying.attribution_words
            if identifying.attribution is not Attribution.ANONYMOUS
            else "",
            third_parties=session.others or (),
        ),
        texts=(with_excerpt(text, excerpt_end),),
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


def _notes(session: ReviewSession) -> dict[str, object]:
    """What was decided and why: sealed, for it quotes what was taken out."""
    return {
        "schema": "newsletter review 2",
        "decisions": [
            {
                "words": detail.words,
                "kind": detail.why,
                "places": len(detail.places),
                "choice": session.decisions[detail.key].choice.value,
                "note": session.decisions[detail.key].words,
            }
            for detail in session.details
        ],
    }
