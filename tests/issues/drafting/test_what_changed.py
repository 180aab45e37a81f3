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


@pytest.mark.parametrize(
    ("language", "told", "right", "said"),
    [
        (
            "en",
            "on **Sunday**, December 6 at 10 a.m.",
            "on **Saturday**, December 5 at 6:30 p.m.",
            "Saturday, December 5 at 6:30 p.m, not Sunday, December 6 at 10 a.m",
        ),
        ("en", "at 10 AM. Bring 2 pens", "at 11 AM. Bring 3 pens", "11, not 10; 3, not 2"),
        ("en", "at City Hall, 1 Main St", "at Grand Park, 1 Main St", "Grand Park, not City Hall"),
        ("en", "call (213) 555-0100, now", "call (213) 555-0199, now",
         "(213) 555-0199, not (213) 555-0100"),
        ("en", "see [this](https://a.example/b_c).", "see [this](https://a.example/b_d).",
         "https://a.example/b\\_d, not https://a.example/b\\_c"),
        ("es", "el domingo 6 de diciembre a las 10:00", "el sábado 5 de diciembre a las 18:30",
         "sábado 5, no domingo 6; 18:30, no 10:00"),
        ("es", "Llame al 213 555 0100 hoy", "Llame al 213 555 0199 hoy",
         "213 555 0199, no 213 555 0100"),
        ("ar", "يوم الأحد 6 ديسمبر في مبنى البلدية", "يوم السبت 5 ديسمبر في الحديقة الكبرى",
         "السبت 5 ديسمبر في الحديقة الكبرى، وليس الأحد 6 ديسمبر في مبنى البلدية"),
    ],
)  # fmt: skip
def test_a_slip_in_running_text_reads_as_one(
    language: str, told: str, right: str, said: str
) -> None:
    wrong = WrongEdition(
        told=edition(letter=told, language=language),
        right=edition(letter=right, language=language),
        sent_at=NOW,
    )
    correction = correction_of(wrong, "2026-W49-a", localizer_for(language, COALITION))
    assert correction.letter.split("\n\n", 1)[1] == f"- {said}"


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        (
            "en",
            ("on Sunday, December 6 at 10 a.m.", "on Saturday, December 5 at 6:30 p.m."),
            "Saturday, December 5, 6:30 PM, not Sunday, December 6, 10:00 AM",
        ),
        (
            "es",
            ("el domingo 6, a las 10:00", "el sábado 5, a las 18:30"),
            "sábado, 5 de diciembre, 6:30 p.m., no domingo, 6 de diciembre, 10:00 a.m.",
        ),
        (
            "ar",
            ("يوم الأحد 6 ديسمبر الساعة 10 صباحًا", "يوم السبت 5 ديسمبر الساعة 6:30 مساءً"),
            "السبت، 5 ديسمبر، 6:30 م، وليس الأحد، 6 ديسمبر، 10:00 ص",
        ),
    ],
)
def test_what_was_wrong_everywhere_is_said_once(
    language: str, words: tuple[str, str], said: str
) -> None:
    told, right = (
        replace(
            edition(
                replace(MARCH, blurb=f"{text} Water.", details={"when": when}),
                letter=text,
                language=language,
            ),
            subject=text,
        )
        for text, when in zip(words, ("2026-12-06 10:00", "2026-12-05 18:30"), strict=True)
    )
    wrong = WrongEdition(told=told, right=right, sent_at=NOW)
    correction = correction_of(wrong, "2026-W49-a", localizer_for(language, COALITION))
    assert correction.letter.split("\n\n")[1:] == [f"- **The march**: {said}"]
    assert correction.preheader == f"The march: {said}"


def test_what_the_letter_alone_says_is_still_said() -> None:
    right = replace(MARCH, details={"when": "2026-12-05 10:00"})
    letter = LETTER.replace("Sunday at ten", "Saturday at noon")
    assert lines(edition(right, CLINIC, letter=letter)) == [
        "Saturday at noon, not Sunday at ten",
        "**The march**: Saturday, December 5, not Sunday, December 6",
    ]
    assert lines(edition(right, CLINIC, letter=f"{LETTER} Soon.")) == [
        "“Soon” was missing",
        "**The march**: Saturday, December 5, not Sunday, December 6",
    ]


def test_a_preheader_is_no_longer_than_a_phone_shows() -> None:
    far = replace(CLINIC, details={"where": "The hall behind the old station, on the third floor"})
    near = replace(
        CLINIC, details={"where": "The hall of the new library, which has no stairs, up"}
    )
    told, right = edition(MARCH, far), edition(details(when="2026-12-05 10:00"), near)
    wrong = WrongEdition(told=told, right=right, sent_at=NOW)
    correction = correction_of(wrong, "2026-W49-a", localizer_for("en", COALITION))
    assert correction.preheader == "The march: Saturday, December 5, not Sunday, December 6"
