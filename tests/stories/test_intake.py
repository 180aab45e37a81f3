"""Answers, checked once: what is missing, too much or meant to harm is named."""

from datetime import date

import pytest

from newsletter.stories.recognition.words import clean
from newsletter.stories.taking.intake import Fault, Intake, months_later, read_answers
from newsletter.stories.taking.questions import groups_in
from newsletter.stories.taking.steps import STEPS, groups_of
from tests.stories.making import ANSWERS, LANGUAGES, PHONE


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": "  "}, Fault(question="text", code="missing")),
        ({"text": "x" * 20_001}, Fault(question="text", code="too_long")),
        ({"use_press": ""}, Fault(question="use_press", code="missing")),
        ({"use_press": "maybe"}, Fault(question="use_press", code="choice")),
        ({"months": "240"}, Fault(question="months", code="choice")),
        ({"attribution_words": ""}, Fault(question="attribution_words", code="name")),
        ({"language_en": "no"}, Fault(question="language_en", code="nowhere")),
        ({"is_minor": "yes"}, Fault(question="guardian_consent", code="minor")),
        ({"service_guarantee_read": ""}, Fault(question="service_guarantee_read", code="missing")),
    ],
)
def test_each_fault_is_named(changes: dict[str, str], fault: Fault) -> None:
    found = read_answers({**ANSWERS, **changes}, language="en", published=LANGUAGES)
    assert isinstance(found, tuple)
    assert fault in found


def test_a_name_is_not_kept_when_the_storyteller_is_anonymous() -> None:
    intake = read_answers(
        {**ANSWERS, "attribution": "anonymous"}, language="en", published=LANGUAGES
    )
    assert isinstance(intake, Intake)
    assert intake.identifying.attribution_words == ""


def test_nothing_that_identifies_shows_when_an_intake_is_printed() -> None:
    intake = read_answers(ANSWERS, language="en", published=LANGUAGES)
    assert isinstance(intake, Intake)
    assert PHONE not in repr(intake.identifying)
    assert "Quetzalcoatl" not in repr(intake.identifying)


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("\u202eevil\u202c", "evil"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
         "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
        ("a\r\nb\rc\x00\x1b[31m", "a\nb\nc[31m"),
        ("half \ud800", "half "),
    ],
)  # fmt: skip
def test_invisible_characters_go_and_those_scripts_need_stay(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 20), 12, date(2027, 11, 20)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 24, date(2028, 12, 31)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.parametrize(("language", "why"), [("es", "por qué"), ("ar", "لماذا")])
def test_every_question_is_asked_in_each_language_and_none_asks_why(
    language: str, why: str
) -> None:
    published = ("en", "es", "ar", "mam")
    english, other = (groups_in(tag, published, has_page=True) for tag in ("en", language))
    for group, translated in zip(english, other, strict=True):
        assert group.title != translated.title
        for question, asked in zip(group.questions, translated.questions, strict=True):
            assert (question.id, question.kind) == (asked.id, asked.kind)
            assert [value for value, _ in question.choices] == [value for value, _ in asked.choices]
            assert question.label != asked.label
            assert "why" not in question.label.lower()
            assert why not in asked.label.lower()
            assert bool(question.explanation) == bool(asked.explanation)


def test_a_coalition_asks_about_the_languages_that_its_newsletter_appears_in() -> None:
    """Two languages were fixed: nobody could say yes to an Arabic edition."""
    labels = {
        question.id: question.label
        for group in groups_in("es", ("en", "ar", "zh-Hant", "mam"), has_page=True)
        if group.id == "languages"
        for question in group.questions
    }
    assert labels == {
        "language_en": "En inglés",
        "language_ar": "En árabe",
        "language_zh-Hant": "En chino (tradicional)",
        "language_mam": "En mam",  # CLDR does not know it: better its tag than no question
    }
    typed = ANSWERS | {"language_en": "no", "language_ar": "yes"}
    intake = read_answers(typed, language="ar", published=("en", "ar"))
    assert isinstance(intake, Intake)
    assert {key for key in intake.answers if key.startswith("language_")} == {
        "language_en",
        "language_ar",
    }


def test_nobody_without_a_page_is_sent_to_one() -> None:
    with_page, without = (groups_in("en", LANGUAGES, has_page=has) for has in (True, False))
    assert "with your code" in str(with_page)
    assert "with your code" not in str(without)


def test_the_terminal_asks_in_the_order_of_the_page() -> None:
    """`stories take` asked for the picture and the name first, the page last."""
    groups = groups_in("en", ("en",), has_page=True)
    on_the_page = [group for step in range(len(STEPS)) for group in groups_of(step, groups)]
    assert list(groups) == on_the_page
