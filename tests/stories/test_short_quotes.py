"""A title, or a few words, known again in a subject while the story's words are at hand."""

import pytest

from newsletter.stories.recognition.short_quotes import Quotable, QuoteIndex

BODY = (
    "For eleven years I cleaned offices at night, and when the company stopped paying us for our "
    "last hour we were all afraid to ask."
)
QUOTED = Quotable.of(["The night shift"], [BODY])


@pytest.mark.parametrize(
    "line",
    [
        "The Night Shift, and clinics",
        "“we were all afraid to ask”",
        "WE WERE ALL AFRAID",
        "I cleaned offices at",
        "She cleaned offices — at night",
        "company stopped paying us",
    ],
)
def test_a_title_or_four_words_in_a_line_are_a_quote(line: str) -> None:
    assert QUOTED.in_line(line)


@pytest.mark.parametrize(
    "line",
    ["Clinics, a win in court, and Saturday's march", "Night shifts", "for our last", "", "us"],
)
def test_other_lines_are_none(line: str) -> None:
    assert not QUOTED.in_line(line)


def test_four_small_words_alone_are_everybodys() -> None:
    common = Quotable.of([], ["It was at the end of the day that she came to us."])
    assert not common.in_line("At the end of it all")
    assert common.in_line("at the end of the day")


def test_a_paragraph_needs_six_in_a_row_or_the_title() -> None:
    assert QUOTED.in_paragraph("Read The Night Shift below.")
    assert QUOTED.in_paragraph("They stopped paying us for our last hour, she says.")
    assert not QUOTED.in_paragraph("The company stopped paying its bills for our hall.")


def test_what_is_public_is_no_quote() -> None:
    card = "You have the right to remain silent"
    quoted = Quotable.of([], [f"He said: {card}, and I did."], [f"Know your rights. {card}."])
    assert not quoted.in_line(card)
    assert not quoted.in_paragraph(card)


def test_a_title_of_one_word_counts_as_it_is_written() -> None:
    home = QUOTED.with_titles(["Home"])
    assert home.in_line("Home: a story")
    assert not home.in_line("home repair")
    assert not QUOTED.with_titles(["home"]).in_line("home repair")


def test_many_stories_are_looked_for_at_once() -> None:
    index = QuoteIndex(
        {
            "a": QUOTED,
            "b": Quotable.of(["Marisol"], ["Something else was told here on that long evening."]),
        }
    )
    assert index.named_in(BODY) == {"a"}
    assert index.named_in(f"Marisol. {BODY}") == {"a", "b"}
    assert index.named_in("Nothing of theirs.") == set()


def test_nothing_of_the_words_is_in_its_repr() -> None:
    assert repr(QUOTED.with_titles(["Home"])) == "Quotable()"
