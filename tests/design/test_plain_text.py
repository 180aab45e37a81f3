"""Plain text stays inside 72 columns, whatever the script."""

from hypothesis import given
from hypothesis import strategies as st

from newsletter.design.markdown import Prose
from newsletter.design.plain_text import COLUMNS, tidied, underline, width, wrap


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_no_line_is_wider_than_72_columns_unless_one_word_is(text: str) -> None:
    for line in wrap(text, indent="  ").split("\n"):
        assert width(line) <= COLUMNS or len(line.split()) <= 2


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_wrapping_loses_no_word(text: str) -> None:
    assert wrap(text).split() == text.split()


def test_a_list_hangs_under_its_words() -> None:
    words = "word " * 20
    assert wrap(f"- {words}").split("\n")[1].startswith("  word")
    assert wrap(f"10. {words}").split("\n")[1].startswith("    word")


def test_an_address_is_never_broken() -> None:
    url = "https://a.example/" + "x" * 100
    assert url in wrap(f"See {url} for more").split("\n")[1]


def test_wide_characters_count_twice_and_marks_not_at_all() -> None:
    assert width("漢字") == 4
    assert width("e\u0301") == 1
    assert underline("漢字x", "-") == "漢字x\n-----"


def test_a_table_is_parted_by_the_mark_of_its_script() -> None:
    table = "| {0} | {1} |\n|---|---|\n| {2} | 212 |\n"
    assert Prose(table.format("Month", "Calls", "May")).text == "- Month: May; Calls: 212"
    said = Prose(table.format("الشهر", "المكالمات", "أغسطس"), "ar").text
    assert said == "- الشهر: أغسطس؛ المكالمات: 212"


def test_a_line_of_arabic_that_begins_with_a_latin_word_is_set_from_the_right() -> None:
    begins_latin = "* Harbor Legal Aid، كل يوم"
    text = f"{begins_latin}\nHarbor Legal Aid\nhttps://a.example/\nمن \u2068Harbor\u2069"
    assert tidied(text, "rtl") == text.replace(begins_latin, f"\u200f{begins_latin}") + "\n"
    assert tidied(text, "ltr") == text + "\n"
