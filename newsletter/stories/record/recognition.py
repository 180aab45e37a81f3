"""Withdrawn words known again wherever they come from: a new id, a re-import, a member's feed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from newsletter.model.consent import Revocation
from newsletter.model.story import Story, StoryText
from newsletter.stories.record.fingerprints import (
    fingerprints,
    holds,
    runs,
    shares,
    words_hash,
    words_of,
)
from newsletter.stories.record.words import as_text


def story_fingerprints(texts: Iterable[StoryText]) -> tuple[frozenset[str], ...]:
    """One set a language over the whole text, and one over an excerpt that is shorter than it."""
    words = [
        as_text(part)
        for text in texts
        for part in dict.fromkeys((f"{text.title}\n\n{text.body}", text.excerpt))
    ]
    return tuple(found for found in map(fingerprints, words) if found)


def withdrawn_words(text: str, stops: Sequence[Revocation]) -> Revocation | None:
    """The withdrawal whose story this plain text carries, if any."""
    words = words_of(text)
    found, whole = runs(words), words_hash(words)
    for stop in stops:
        if stop.withdrawn and (
            stop.text_hash == whole or any(shares(found, one) for one in stop.fingerprints)
        ):
            return stop
    return None


def left_after(story: Story, stops: Sequence[Revocation]) -> Story:
    """The story after what was taken back under its id, its consent's or by its own words."""
    left = story.after(stops)
    if left.consent.withdrawn_on is not None:
        return left
    for text in story.texts:
        stop = withdrawn_words(as_text(f"{text.title}\n\n{text.body}"), stops)
        if stop is not None:
            return replace(left, consent=replace(left.consent, withdrawn_on=stop.on))
    return left


def carries(text: str, markdown: str) -> bool:
    """Whether a plain text carries these words of a story, or a good part of them."""
    words = as_text(markdown)
    found = fingerprints(words)
    if found:
        return holds(text, found)
    return " ".join(words_of(words)) in " ".join(words_of(text))
