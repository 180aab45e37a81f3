"""Excerpts end where a sentence does; words are counted in every script."""

import pytest

from newsletter.issues.drafting.excerpt import first_words, reprinted_words, words_of


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Don't stop: it's 3.5 km, e-mail a@b.example", 7),
        ("¿Qué pasó? Nada.", 3),
        ("مرحبا بكم في العيادة", 4),
        ("我们相信", 4),
        ("ไปตลาด", 6),
        ("", 0),
        ("— … !", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    assert len(words_of(text)) == count


def test_a_text_within_the_limit_stays_whole() -> None:
    assert first_words(" One two.\n\nThree. ", 3) == "One two.\n\nThree."
    assert first_words("One two.", None) == "One two."


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("One two three. Four five six.", 3, "One two three."),
        ("One two three. Four five six.", 4, "One two three."),
        ("One. Two three four five six seven", 5, "One. Two three four five …"),
        ("He said “one two.” Then he left the room", 5, "He said “one two.”"),
        ("One, two, three, four", 2, "One, two …"),
        ("One two", 0, ""),
        ("A.\n\nB c d. E f", 4, "A.\n\nB c d."),
        ("我们相信。他们也是。", 6, "我们相信。"),
    ],
)
def test_a_cut_comes_at_a_sentence_or_is_shown(text: str, limit: int, expected: str) -> None:
    cut = first_words(text, limit)
    assert cut == expected
    assert len(words_of(cut)) <= limit


def test_a_million_dots_are_read_as_fast_as_any_other_text() -> None:
    text = f"One two{'.' * 200_000}x three four five. Six"
    assert first_words(text, 3).endswith(" …")


def test_only_runs_of_their_own_words_count_as_theirs() -> None:
    source = "the court ruled on tuesday that families may stay together while they wait"
    assert reprinted_words("On Tuesday the court decided: families win.", source) == 0
    assert reprinted_words("We are glad: families may stay together while they wait!", source) == 7
    assert reprinted_words("THE COURT RULED ON TUESDAY", source) == 5
    assert reprinted_words("", source) == reprinted_words("words", "") == 0
    assert reprinted_words("Come along", "Come along") == 2
