"""Withdrawn words known again wherever they come from: a new id, a re-import, a member's feed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from newsletter.model.consent import Revocation
from newsletter.model.item import Item
from newsletter.model.story import Story, StoryText
from newsletter.stories.record.fingerprints import (
    fingerprints,
    overlaps,
    shingles_of,
    words_hash,
    words_of,
)
from newsletter.stories.record.words import as_text


def story_fingerprints(texts: Iterable[StoryText]) -> tuple[frozenset[str], ...]:
    """Return one set a language over the whole text, and one over an excerpt shorter than it."""
    words = [
        as_text(part)
        for text in texts
        for part in dict.fromkeys((f"{text.title}\n\n{text.body}", text.excerpt))
    ]
    return tuple(filter(None, map(fingerprints, words)))


def find_withdrawal(text: str, revocations: Sequence[Revocation]) -> Revocation | None:
    """Return the withdrawal whose story this plain text carries, if any."""
    words = words_of(text)
    shingles, whole = shingles_of(words), words_hash(words)
    for revocation in revocations:
        if revocation.withdrawn and (
            revocation.text_hash == whole
            or any(overlaps(shingles, kept) for kept in revocation.fingerprints)
        ):
            return revocation
    return None


def item_words(item: Item) -> str:
    """Return what of an item is looked through for withdrawn words."""
    return f"{item.title}\n\n{item.text}"


def apply_revocations(story: Story, revocations: Sequence[Revocation]) -> Story:
    """Return the story after what was revoked under its id, its consent's or by its own words."""
    left = story.after(revocations)
    if left.consent.withdrawn_on is not None:
        return left
    for text in story.texts:
        revocation = find_withdrawal(as_text(f"{text.title}\n\n{text.body}"), revocations)
        if revocation is not None:
            return replace(left, consent=replace(left.consent, withdrawn_on=revocation.on))
    return left


def carries(text: str, markdown: str) -> bool:
    """Return whether a plain text carries these words of a story, or a good part of them."""
    words = as_text(markdown)
    kept = fingerprints(words)
    if kept:
        return overlaps(shingles_of(words_of(text)), kept)
    return " ".join(words_of(words)) in " ".join(words_of(text))
