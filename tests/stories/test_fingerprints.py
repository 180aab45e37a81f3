"""Withdrawn words are known again, other words are not."""

from newsletter.stories.fingerprints import fingerprints, holds
from tests.stories.conftest import EXCERPT, REST

STORY = f"{EXCERPT} {REST}"
OTHER = (
    "The city council will vote on Tuesday about the rent stabilization ordinance, and tenants "
    "from every district are invited to speak for two minutes each before the vote is taken."
)


def test_the_same_words_with_other_case_accents_and_markup_are_known() -> None:
    shouted = STORY.upper().replace(" ", "  ").replace(",", " --").replace("E", "É")
    assert holds(f"<p>{shouted}</p>", fingerprints(STORY))


def test_an_excerpt_in_a_longer_post_is_known() -> None:
    assert holds(f"{OTHER} {OTHER[::-1]} {EXCERPT} {OTHER}", fingerprints(EXCERPT))


def test_a_shortened_copy_is_known() -> None:
    assert holds(REST, fingerprints(STORY))


def test_a_lightly_edited_copy_is_known() -> None:
    assert holds(STORY.replace("eleven", "ten").replace("paid", "given"), fingerprints(STORY))


def test_a_long_text_is_known_again_by_its_smallest_hashes() -> None:
    long = " ".join(f"word{number} said thing{number * 7}" for number in range(3000))
    assert len(fingerprints(long)) == 400
    assert holds(long, fingerprints(long))
    middle = " ".join(long.split()[2000:5000])
    assert holds(middle, fingerprints(long))


def test_other_words_are_not_taken_for_the_story() -> None:
    assert not holds(OTHER, fingerprints(STORY))
    assert not holds("", fingerprints(STORY))
    assert not holds(STORY, frozenset())
