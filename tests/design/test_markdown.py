"""Editors' Markdown becomes HTML that cannot run, and text that says the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.design.markdown import Prose, is_safe_link
from tests.design.documents import Document

ALLOWED = {
    "p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "br", "h4",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "[x](/relative)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        "![tracker](https://evil.example/p.gif)",
    ],
)
def test_nothing_active_and_no_picture_comes_out(source: str) -> None:
    document = Document(Prose(source).html(4))
    assert not document.all("script", "img")
    assert all(is_safe_link(link.attrs["href"]) for link in document.all("a"))


@given(st.text())
def test_any_text_gives_only_allowed_tags_and_links(source: str) -> None:
    document = Document(Prose(source).html(4))
    assert {element.tag for element in document.elements} <= ALLOWED
    for element in document.elements:
        assert set(element.attrs) <= {"href", "title", "scope", "start", "style", "class"}


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example", True),
        ("mailto:a@b.example", True),
        ("tel:+1555", True),
        ("https:///x", False),
        ("//a.example", False),
        ("mailto:", False),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https://[bad", False),
        ("", False),
    ],
)
def test_a_link_is_absolute_and_of_a_harmless_scheme(url: str, safe: bool) -> None:
    assert is_safe_link(url) is safe


def test_headings_come_under_the_heading_above() -> None:
    assert Prose("# A\n\n### B").html(4) == "<h4>A</h4> <h4>B</h4>"


def test_two_links_on_two_lines_stay_apart() -> None:
    html = Prose("[a](https://a.example)\n[b](https://b.example)").html(4)
    assert "</a> <a" in html


def test_a_table_keeps_its_header_cells() -> None:
    document = Document(Prose("| A | B |\n|---|---|\n| 1 | 2 |").html(4))
    assert [cell.attrs["scope"] for cell in document.all("th")] == ["col", "col"]


@pytest.mark.parametrize(
    "table",
    [
        "| City | Calls | Answered | Since |\n|---|---:|---|---|\n| Here | 4 | **3** | May |",
        "| City | Organisations together |\n|---|---|\n| Pacoima | Interdisciplinary |",
    ],
)
def test_a_row_that_a_phone_has_no_room_for_becomes_a_card(table: str) -> None:
    """On a phone "$2,350" was broken into "$2,35" and "0"."""
    prose = Prose(table)
    document = Document(prose.html(4))
    assert not document.all("table")
    (card,) = document.all("p")
    assert "border:1px solid" in card.attrs["style"]
    names, values = (
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in table.split("\n")
        if "---" not in line
    )
    lines = [f"{name}: {value.strip('*')}" for name, value in zip(names, values, strict=True)]
    assert card.text == " ".join(lines)
    assert prose.text == "- " + "; ".join(lines)


def test_a_card_says_only_what_its_row_says() -> None:
    cards = Prose("| A |  | C | D |\n|---|---|---|---|\n| 1 | 2 |  | 4 |").html(4)
    assert "<strong>A: </strong>1<br />2<br /> <strong>D: </strong>4" in cards.replace("\n", "")
    assert not Document(Prose("| A | B | C | D |\n|---|---|---|---|").html(4)).all("strong")


def test_the_text_says_what_the_html_says() -> None:
    source = (
        "Hello **you**, see [the page](https://a.example/x) or <https://b.example>.\n\n"
        "1. one\n2. two\n   - nested\n\n> said\n\n| A | B |\n|---|---|\n| 1 | 2 |"
    )
    assert Prose(source).text == (
        "Hello you, see the page <https://a.example/x> or https://b.example.\n\n"
        "1. one\n2. two\n   - nested\n\n> said\n\n- A: 1; B: 2"
    )


def test_nothing_is_nothing() -> None:
    assert not Prose(" \n ")
    assert Prose("").text == Prose("").html(4) == ""
