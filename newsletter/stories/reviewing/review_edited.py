"""[I/O] `stories review` of an edited story file: its text is scanned once more."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from newsletter.errors import AttentionError
from newsletter.model.story import Story
from newsletter.stories.record import document
from newsletter.stories.reviewing.review import (
    Decision,
    Detail,
    apply_decisions,
    details,
    with_review,
)
from newsletter.stories.services import StoryServices


def story_details(story: Story) -> tuple[tuple[Detail, ...], ...]:
    """Find the details of each text's title and body, in the order `write_reviewed` takes them."""
    return tuple(
        details(words, text.language) for text in story.texts for words in (text.title, text.body)
    )


def write_reviewed(
    services: StoryServices, story: Story, decisions: Sequence[Sequence[Decision]]
) -> Story:
    """Write the story with every detail decided. A changed word ends its read-backs."""
    details_by_part = story_details(story)
    if list(map(len, details_by_part)) != list(map(len, decisions)):
        raise AttentionError("some details are undecided; nothing was written")
    texts = []
    for number, text in enumerate(story.texts):
        title = apply_decisions(text.title, details_by_part[2 * number], decisions[2 * number])
        body_details = details_by_part[2 * number + 1]
        body_decisions = decisions[2 * number + 1]
        in_excerpt = sum(detail.mark.end <= len(text.excerpt) for detail in body_details)
        excerpt = apply_decisions(
            text.excerpt, body_details[:in_excerpt], body_decisions[:in_excerpt]
        )
        body = apply_decisions(text.body, body_details, body_decisions)
        texts.append(replace(text, title=title, excerpt=excerpt, body=body))
    written = services.files.read(story.path)
    edited = replace(document.read(written, file=story.path), texts=tuple(texts))
    edited = with_review(edited, chain.from_iterable(decisions))
    services.files.write(story.path, document.write(edited), expected=written)
    return edited
