"""An edit at the source: many words, or the few that send people to another place in time."""

import pytest

from newsletter.issues.drafting.edits import is_edited
from newsletter.model.item import ItemWords

TEXT = "We meet on Sunday, December 6, at 10:00. You may call 213-555-0100, or come by."


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Sunday", "Saturday", True),
        ("December 6", "December 5", True),
        ("Sunday, December 6", "el domingo 6 de diciembre", True),
        ("10:00", "6 p.m.", True),
        ("0100", "0199", True),
        ("come by", "come on by", False),
        ("You may", "You can", False),
        ("10:00", "10:00 sharp", False),
        ("We meet", "We all 12 meet", False),
        ("or come by", "or come by with your whole family, and with everyone else you know", True),
    ],
)
def test_few_words_count_when_they_are_a_day_an_hour_or_a_number(
    old: str, new: str, expected: bool
) -> None:
    before = ItemWords("March", TEXT)
    assert old in TEXT
    assert is_edited(before, ItemWords("March", TEXT.replace(old, new))) is expected


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ("El sábado 5 de diciembre", "El sábado 6 de diciembre"),
        ("El sábado", "El domingo"),
        ("يوم الأحد", "يوم السبت"),
    ],
)
def test_in_other_languages_too(told: str, now: str) -> None:
    assert is_edited(ItemWords("", told), ItemWords("", now))
    assert not is_edited(ItemWords("", told), ItemWords("", f"{told}!"))
