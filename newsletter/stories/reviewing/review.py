"""What the scan marks in a text under review, and the mark that a story was reviewed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from newsletter.model.story import Review, Story
from newsletter.stories.record import document
from newsletter.stories.reviewing.replacing import Choice, Decision
from newsletter.stories.scan.languages import FEW_WORDS, unknown_passages
from newsletter.stories.scan.marks import Mark, MarkKind
from newsletter.stories.scan.scan import scan

_NAMING = frozenset({MarkKind.NAME, MarkKind.ID, MarkKind.CONTACT, MarkKind.ADDRESS})


def details(text: str, language: str) -> tuple[Mark, ...]:
    """Find every marked place of the text, in order. The one place that asks the scan."""
    return scan(text, language)


def unread(text: str, language: str) -> tuple[str, ...]:
    """Return how each part begins in which the scan does not know the language's words."""
    parts = (text[part.start : part.end].split() for part in unknown_passages(text, language))
    return tuple(" ".join(words)[:40] for words in parts if len(words) >= FEW_WORDS)


def names_somebody(roles: str) -> bool:
    """Return whether roles of other people, which are written in clear, have a name in them."""
    words = roles.replace(",", " ").split()
    return any(
        (word[0].isupper() and not word.isupper())
        or any(mark.kind in _NAMING for mark in scan(f"I saw {word} there", "en"))
        for word in words
    )


def with_review(story: Story, decisions: Iterable[Decision]) -> Story:
    """Return the story as its file will have it, reviewed in exactly these words."""
    story = document.read(document.write(story), file=story.path)
    count = Counter(decision.choice for decision in decisions)
    review = Review(
        words_sha256=story.words_sha256,
        kept=count[Choice.KEEP],
        generalised=count[Choice.GENERALISE],
        removed=count[Choice.REMOVE],
    )
    return replace(story, review=review)
