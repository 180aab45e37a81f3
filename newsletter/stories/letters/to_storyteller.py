"""[I/O] What the editors leave for a storyteller, sealed so that only the receipt code opens it."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from newsletter.errors import AttentionError, UsageError
from newsletter.model.keyed import keyed
from newsletter.model.letter import Direction, Letter, LetterKind
from newsletter.model.story import Story
from newsletter.model.submission import Submission
from newsletter.stories.keys.vault import seal_to_code
from newsletter.stories.letters.from_storyteller import LONGEST
from newsletter.stories.letters.proposal import Proposal, ShownPicture, forms_of, proof_of
from newsletter.stories.recognition.words import clean
from newsletter.stories.record.identifiers import new_id
from newsletter.stories.reviewing.read_back import SendBack, send_back
from newsletter.stories.services import StoryServices

MOST = 40  # messages that wait for one storyteller
_NO_LOCK = "this story's receipt is from before there was a page for it"
_ASK = "once the storyteller has opened the page with the code, it works; until then call or meet"


def submission_named(services: StoryServices, any_id: str) -> Submission:
    """Return the sealed submission of a submission's, story's or record's id, with its
    ciphertexts. UsageError when there is none, or it holds nothing any more."""
    store = services.store
    found = store.get(any_id) or store.by_record(any_id) or store.by_story(any_id)
    if found is None or not found.sealed.text:
        raise UsageError(
            f"there is no sealed story {any_id!r}",
            hint="see newsletter stories inbox and newsletter stories list",
        )
    return found


def propose(
    services: StoryServices, story: Story, *, languages: tuple[str, ...] = (), today: date
) -> tuple[str, ...]:
    """Leave the exact words for the storyteller, in the place of what waited before.

    Returns the languages that now wait: those of `languages` (default: every one) that the consent
    allows. AttentionError while safety flags are open or the receipt is too old for the page.
    """
    submission = _with_key(submission_named(services, story.id))
    waiting = []
    for text in story.texts:
        if text.language in (languages or (text.language,)):
            back = send_back(services, story.id, language=text.language, today=today)
            proposal = _proposal(services, story, back, submission)
            name = _place(services, submission, text.language)
            letter = Letter(
                id=name,
                submission_id=submission.id,
                direction=Direction.TO_STORYTELLER,
                kind=LetterKind.PROPOSAL,
                on=today,
                sealed=seal_to_code(proposal.as_mapping(), submission.reply_key),
            )
            _keep(services, letter, instead_of=(name,))
            waiting.append(text.language)
    return tuple(waiting)


def write_to_storyteller(services: StoryServices, any_id: str, text: str, *, today: date) -> None:
    """Leave a message. AttentionError when the receipt is too old for the page, UsageError when
    there is no text or too much."""
    text = clean(text).strip()
    if not text or len(text) > LONGEST:
        raise UsageError(f"a message has 1 to {LONGEST} characters; this one has {len(text)}")
    submission = _with_key(submission_named(services, any_id))
    contents = {"schema": "newsletter message 1", "text": text}
    letter = Letter(
        id=new_id(),
        submission_id=submission.id,
        direction=Direction.TO_STORYTELLER,
        kind=LetterKind.MESSAGE,
        on=today,
        sealed=seal_to_code(contents, submission.reply_key),
    )
    _keep(services, letter)


def _with_key(submission: Submission) -> Submission:
    if not submission.reply_key:
        raise AttentionError(_NO_LOCK, hint=_ASK)
    return submission


def _keep(services: StoryServices, letter: Letter, instead_of: tuple[str, ...] = ()) -> None:
    if not services.store.add_letter(letter, most=MOST, instead_of=instead_of):
        raise AttentionError(
            "the story was taken back a moment ago, or too many letters wait for its storyteller"
        )


def _place(services: StoryServices, submission: Submission, language: str) -> str:
    """The name under which that language's proposal lies: the next one takes its place."""
    named = f"newsletter proposal {submission.id} {language}"
    return keyed(services.recognition_key(), named)[:20]


def _proposal(
    services: StoryServices, story: Story, back: SendBack, submission: Submission
) -> Proposal:
    text = story.text_in(back.language)
    if text is None:
        raise ValueError(f"story {story.id} has no text in {back.language}")
    forms = forms_of(story, back.language, back.channels)
    return Proposal(
        story_id=story.id,
        language=back.language,
        title=text.title,
        excerpt=text.excerpt,
        body=text.body,
        name=story.consent.attribution_words,
        until=story.consent.last_day,
        forms=forms,
        proof=proof_of(services.recognition_key(), submission.id, forms),
        picture=next(_picture(services, story), None),
    )


def _picture(services: StoryServices, story: Story) -> Iterator[ShownPicture]:
    shown = story.shown_picture
    if shown is not None:
        data = services.files.read_bytes(shown.file)
        if sha256(data).hexdigest() != shown.sha256:
            raise AttentionError(
                "the picture is not the one that was reviewed",
                file=shown.file,
                hint="put the reviewed picture back, or review the story again",
            )
        kind = "image/png" if shown.path.endswith(".png") else "image/jpeg"
        yield ShownPicture(data=data, media_type=kind, alt=shown.alt)
