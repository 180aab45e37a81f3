"""[I/O] `stories review` of an edited story file: its text is scanned once more."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from newsletter.errors import AttentionError
from newsletter.model.story import Story, StoryText
from newsletter.stories.record import document
from newsletter.stories.reviewing.excerpt import with_excerpt
from newsletter.stories.reviewing.review import with_review
from newsletter.stories.reviewing.session import Part, ReviewSession
from newsletter.stories.services import StoryServices

_NAMES = ("title", "short part", "rest")


def edited_session(story: Story) -> ReviewSession:
    """Begin a review of each text's title, excerpt and what follows it."""
    return ReviewSession.start(
        Part(name=name, language=text.language, text=words)
        for text in story.texts
        for name, words in zip(_NAMES, _cut(text), strict=True)
    )


def edited_texts(story: Story, session: ReviewSession) -> tuple[StoryText, ...]:
    """Return the story's texts as they stand in the review."""
    words = iter(session.preview())
    texts = []
    for text, title, excerpt, rest in zip(story.texts, words, words, words, strict=False):
        body = "\n\n".join(part.strip() for part in (excerpt, rest) if part.strip())
        title = " ".join(title.split()) or "…"
        texts.append(replace(text, title=title, excerpt=excerpt.strip() or body, body=body))
    return tuple(texts)


def write_reviewed(
    services: StoryServices,
    story: Story,
    session: ReviewSession,
    *,
    excerpt_ends: Mapping[str, int] = MappingProxyType({}),
) -> Story:
    """Write the story as the session left it. A changed word ends its read-backs.

    `excerpt_ends` says by language how many characters of the body are its excerpt, where that is
    to change. AttentionError while something is undecided, or when the file was edited meanwhile.
    """
    if not session.is_finished:
        raise AttentionError("the review is not finished; nothing was written")
    written = services.files.read(story.path)
    kept = document.read(written, file=story.path)
    if kept.texts != story.texts:
        raise AttentionError(
            "the file was edited during the review; nothing was written",
            file=story.path,
            hint=f"newsletter stories review {story.id}",
        )
    texts = tuple(
        with_excerpt(text, excerpt_ends[text.language]) if text.language in excerpt_ends else text
        for text in edited_texts(story, session)
    )
    if not all(text.body for text in texts):
        raise AttentionError("no word of a text is left; nothing was written", file=story.path)
    consent = replace(kept.consent, third_parties=session.others or ())
    edited = with_review(replace(kept, texts=texts, consent=consent), session.decisions.values())
    edited = replace(edited, read_backs=edited.yeses_that_fit)
    services.files.write(story.path, document.write(edited), expected=written)
    return edited


def _cut(text: StoryText) -> tuple[str, ...]:
    """A text's title, its excerpt and the rest: empty where the excerpt is the whole."""
    rest = text.body[len(text.excerpt) :] if text.body.startswith(text.excerpt) else text.body
    return text.title, text.excerpt, rest.strip()
