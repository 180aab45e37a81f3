"""Withdrawn words are known again, other words are not."""

from newsletter.stories.record.fingerprints import (
    fingerprints,
    overlaps,
    shingles_of,
    text_hash,
    words_of,
)
from tests.stories.conftest import EXCERPT, REST

STORY = f"{EXCERPT} {REST}"
OTHER = (
    "The city council will vote on Tuesday about the rent stabilization ordinance, and tenants "
    "from every district are invited to speak for two minutes each before the vote is taken."
)


def holds(text: str, kept: frozenset[str]) -> bool:
    return overlaps(shingles_of(words_of(text)), kept)


def test_the_same_words_with_other_case_accents_and_markup_are_known() -> None:
    shouted = STORY.upper().replace(" ", "  ").replace(",", " --").replace("E", "É")
    assert holds(f"<p>{shouted}</p>", fingerprints(STORY))


def test_an_excerpt_in_a_longer_post_is_known() -> None:
    assert holds(f"{OTHER} {OTHER[::-1]} {EXCERPT} {OTHER}", fingerprints(EXCERPT))


LONG = " ".join(f"word{number} said thing{number * 7}" for number in range(3000))


def test_a_copy_of_the_greater_part_is_known() -> None:
    middle = " ".join(LONG.split()[2000:8000])
    assert holds(middle, fingerprints(LONG))


def test_a_lightly_edited_copy_is_known() -> None:
    words = LONG.split()
    words[::40] = ["edited"] * len(words[::40])
    assert holds(" ".join(words), fingerprints(LONG))


def test_few_hashes_are_kept_so_that_no_text_can_be_pieced_together() -> None:
    assert len(fingerprints(LONG)) == 24
    assert len(fingerprints(STORY)) == 4
    assert fingerprints("four words are few") == frozenset()


def test_the_hash_of_a_whole_text_sees_words_only() -> None:
    assert text_hash("Señora  Ruiz,\nsaid") == text_hash("senora ruiz said")
    assert text_hash("senora ruiz") != text_hash("senora ruiz said")


def test_other_words_are_not_taken_for_the_story() -> None:
    assert not holds(OTHER, fingerprints(STORY))
    assert not holds("", fingerprints(STORY))
    assert not holds(STORY, frozenset())
