"""What a correction has to say: the words that took the place of others, piece by piece."""

from dataclasses import replace

import pytest

from newsletter.design.localizer import localizer_for
from newsletter.issues.drafting.correction import WrongEdition, correction_of
from newsletter.issues.drafting.what_changed import what_changed
from newsletter.model.issue import Edition, Placement, Section
from tests.issues.desk import NOW
from tests.sending.parts import COALITION

MARCH = Placement(title="The march", blurb="It is on Sunday.", details={"when": "2026-12-06 10:00"})
CLINIC = Placement(title="Clinic", item_id="k3f9", blurb="Free, all week.")
LETTER = "Dear friends,\n\ncome on Sunday at ten, and bring water."


def edition(*placements: Placement, letter: str = LETTER, language: str = "en") -> Edition:
    section = Section(id="news", title="News", placements=placements)
    return Edition(
        issue_id="2026-W47",
        language=language,
        subject="This week",
        letter=letter,
        sections=(section,),
    )


def corrected(right: Edition, *, language: str = "en") -> Edition:
    told = edition(MARCH, CLINIC, language=language)
    wrong = WrongEdition(told=told, right=right, sent_at=NOW)
    return correction_of(wrong, "2026-W49-a", localizer_for(language, COALITION))


def lines(right: Edition, *, language: str = "en") -> list[str]:
    letter = corrected(right, language=language).letter
    return [line[2:] for line in letter.splitlines() if line.startswith("- ")]


def details(**changed: str) -> Placement:
    return replace(MARCH, details=changed)


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        (details(when="2026-12-05 10:00"), "Saturday, December 5, not Sunday, December 6"),
        (details(when="2026-12-06 18:30"), "6:30 PM, not 10:00 AM"),
        (
            details(when="2026-12-05 18:30"),
            "Saturday, December 5, 6:30 PM, not Sunday, December 6, 10:00 AM",
        ),
        (details(when="2026-12-06 10:00", call="213-555-0100"), "“213-555-0100” was missing"),
        (replace(MARCH, blurb="It is on *Saturday*."), "Saturday, not Sunday"),
        (replace(MARCH, blurb="It is not on Sunday."), "“not” was missing"),
        (replace(MARCH, blurb="on Sunday."), "“It is” is wrong"),
        (replace(MARCH, blurb=" ".join(f"w{n}" for n in range(40))), "the right text is below"),
        (replace(MARCH, link="https://a.example/b_c"), "“https://a.example/b\\_c” was missing"),
    ],
)  # fmt: skip
def test_a_piece_that_changed_is_named_with_what_is_right(piece: Placement, said: str) -> None:
    assert lines(edition(piece, CLINIC)) == [f"**The march**: {said}"]
    assert corrected(edition(piece, CLINIC)).placements == (piece,)


def test_in_another_language_it_says_so_too() -> None:
    right = edition(details(when="2026-12-05 10:00"), CLINIC, language="es")
    assert lines(right, language="es") == [
        "**The march**: sábado, 5 de diciembre, no domingo, 6 de diciembre"
    ]
    assert corrected(right, language="es").subject == "Corrección: This week"


def test_pieces_that_came_or_went_and_a_new_title_are_told_apart() -> None:
    assert lines(edition(MARCH)) == ["“Clinic” should not have been in it"]
    new = Placement(title="A vigil", item_id="v1")
    assert lines(edition(MARCH, CLINIC, new)) == ["“A vigil” was missing"]
    assert lines(edition(replace(MARCH, title="The vigil"), CLINIC)) == [
        "**The vigil**: vigil, not march"
    ]
    assert lines(edition(CLINIC, MARCH)) == [], "moved is not wrong"


def test_the_letter_is_corrected_by_words_or_by_paragraph() -> None:
    slip = edition(MARCH, CLINIC, letter=LETTER.replace("Sunday", "Saturday"))
    assert lines(slip) == ["Saturday, not Sunday"]
    other = " ".join(f"word{n}" for n in range(30))
    whole = corrected(edition(MARCH, CLINIC, letter=f"Dear friends,\n\n{other}"))
    assert whole.letter.endswith(f"\n\n{other}")
    assert whole.placements == ()


def test_a_long_text_is_not_compared_word_by_word() -> None:
    long = replace(MARCH, blurb=" ".join(f"w{n}" for n in range(50_000)))
    (change,) = what_changed(edition(long), edition(replace(long, blurb=f"{long.blurb} end")))
    assert change.rewritten
