"""What stands under every entry is not the article."""

import pytest

from newsletter.issues.choosing.boilerplate import repeated_passages, stripped, title_keys
from tests.issues.choosing.samples import words


def clean(text: str, title: str = "A title", **known: frozenset[str]) -> str:
    plain = {"repeated": frozenset[str](), "titles": frozenset[str]()}
    return stripped(text, title=title, **(plain | known))


def test_what_most_entries_of_a_feed_carry_is_stripped() -> None:
    texts = [
        f"Support us: every gift helps a family.\n\n{words(f'w{n}', 30)}\n\n"
        f"About the author: Ana writes on housing. She lives in Fresno."
        for n in range(5)
    ]
    repeated = repeated_passages(texts)
    assert clean(texts[2], repeated=repeated) == words("w2", 30)


def test_a_passage_in_few_of_many_entries_stays() -> None:
    rare = "The march begins at noon on Saturday at the courthouse steps."
    texts = [f"{words(f'w{n}', 30)} {rare if n < 3 else ''}" for n in range(30)]
    assert repeated_passages(texts) == frozenset()


def test_a_piece_published_several_times_is_not_taken_for_a_banner() -> None:
    piece = f"One sentence that is long enough. {words('w', 30)}."
    texts = [piece, piece, piece, *(words(f"x{n}", 30) for n in range(3))]
    assert clean(piece, repeated=repeated_passages(texts)) == piece


@pytest.mark.parametrize(
    "mark",
    [
        "The post A title appeared first on Harbor Legal Aid.",
        "La entrada A title se publicó primero en Casa del Río.",
        "Continue reading A title →",
        "Read the rest of this entry »",
        "Seguir leyendo",
        "اقرأ المزيد",
        "Share this:",
        "Like this: Like Loading...",
        "Related posts:",
        "Filed under: Housing, Courts",
        "Follow us on Facebook and Instagram",
        "Subscribe to our newsletter today",
    ],
)
def test_the_marks_of_publishing_software_are_stripped(mark: str) -> None:
    body = words("w", 30)
    assert clean(f"{body}\n\n{mark}") == body


def test_a_cut_is_shown_as_one() -> None:
    body = words("w", 30)
    assert clean(f"{body} […]") == f"{body} …"
    assert clean(f"{body} [...] Read more »") == f"{body} …"


def test_a_feed_that_repeats_the_marks_is_read_as_fast_as_any_other() -> None:
    body = words("w", 30)
    marks = "continue reading " * 200
    assert clean(f"{body} {marks}{'x' * 100}.") == f"{body} {marks}{'x' * 100}."
    assert clean(f"{body} {'[…] ' * 3}") == f"{body} …"


def test_the_title_over_the_text_and_the_titles_of_related_posts_go() -> None:
    titles = title_keys(["The hearing was moved to Friday", "A title that is long enough"])
    body = words("w", 30)
    text = f"A title that is long enough\n\n{body}\n\nThe hearing was moved to Friday"
    assert clean(text, "A title that is long enough", titles=titles) == body


def test_ordinary_sentences_with_those_words_stay() -> None:
    body = (
        "Read the ruling with us on Tuesday. We share a meal afterwards, and related questions are "
        "welcome. Tags on the fence named the missing."
    )
    assert clean(body) == body


def test_a_text_of_which_nothing_would_be_left_is_kept() -> None:
    text = "Support us: every gift helps a family. " * 4
    assert clean(text.strip(), repeated=repeated_passages([text, f"{text} a", f"{text} b"])) == (
        text.strip()
    )


def test_paragraphs_stay() -> None:
    one, other = words("a", 20), words("b", 20)
    assert clean(f"{one}\n\nShare this:\n\n{other}") == f"{one}\n\n{other}"
