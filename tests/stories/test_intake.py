"""Answers, checked once: what is missing, too much or meant to harm is named."""

from datetime import date

import pytest

from newsletter.stories.record.words import clean
from newsletter.stories.taking.intake import Fault, Intake, months_later, read_answers
from newsletter.stories.taking.questions import GROUPS, groups_in
from tests.stories.making import ANSWERS, PHONE


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
    found = read_answers({**ANSWERS, **changes}, language="en")
    assert isinstance(found, tuple)
    assert fault in found


def test_a_name_is_not_kept_when_the_storyteller_is_anonymous() -> None:
    intake = read_answers({**ANSWERS, "attribution": "anonymous"}, language="en")
    assert isinstance(intake, Intake)
    assert intake.identifying.attribution_words == ""


def test_nothing_that_identifies_shows_when_an_intake_is_printed() -> None:
    intake = read_answers(ANSWERS, language="en")
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


def test_every_question_is_asked_in_both_languages_and_none_asks_why() -> None:
    assert groups_in("en") == GROUPS
    for group, translated in zip(GROUPS, groups_in("es"), strict=True):
        assert group.title != translated.title
        for question, asked in zip(group.questions, translated.questions, strict=True):
            assert (question.id, question.kind) == (asked.id, asked.kind)
            assert [value for value, _ in question.choices] == [value for value, _ in asked.choices]
            assert question.label != asked.label
            assert "why" not in question.label.lower()
            assert "por qué" not in asked.label.lower()
            assert bool(question.explanation) == bool(asked.explanation)
