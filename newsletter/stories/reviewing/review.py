"""An editor's decisions on marked details, put into the text: kept, generalised or removed."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from newsletter.model.story import Review, Story
from newsletter.stories.record import document
from newsletter.stories.scan.marks import Mark
from newsletter.stories.scan.scan import scan


class Choice(StrEnum):
    """What to do with a detail."""

    KEEP = "keep"
    GENERALISE = "generalise"
    REMOVE = "remove"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What an editor decided for one detail. `words` replace it, or say why it is kept."""

    choice: Choice
    words: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """A marked place with the words around it. `repr` shows none of them."""

    mark: Mark
    words: str = field(repr=False)
    before: str = field(repr=False)
    after: str = field(repr=False)


def details(text: str, language: str, *, around: int = 60) -> tuple[Detail, ...]:
    """Find every marked detail of the text, with `around` characters on either side."""
    return tuple(
        Detail(
            mark=mark,
            words=text[mark.start : mark.end],
            before=text[max(0, mark.start - around) : mark.start],
            after=text[mark.end : mark.end + around],
        )
        for mark in scan(text, language)
    )


def apply_decisions(text: str, marked: Sequence[Detail], decisions: Sequence[Decision]) -> str:
    """Return the text after the decisions, one a detail. ValueError when one is missing."""
    parts = []
    at = 0
    for detail, decision in zip(marked, decisions, strict=True):
        parts.append(text[at : detail.mark.start])
        if decision.choice is Choice.KEEP:
            parts.append(detail.words)
        elif decision.choice is Choice.GENERALISE:
            parts.append(decision.words)
        at = detail.mark.end
    parts.append(text[at:])
    return _tidied("".join(parts))


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


def _tidied(text: str) -> str:
    """Without the double spaces and lonely commas that removing leaves."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"[ \t]+([,.;:!?])", r"\1", text)
    text = re.sub(r",(?=[,.;:!?])", "", text)
    return "\n".join(line.strip() for line in text.split("\n")).strip()
