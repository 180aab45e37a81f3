"""All that cannot be understood in a draft is named at once, each with its line."""

from pathlib import Path

import pytest

from newsletter.issues.drafting.unreadable import MOST, unreadable_places
from tests.issues.desk import ISSUE, desk, item

FILE = f"issues/{ISSUE}/en.md"
TOP = "---\nlanguage: en\nsubject: Hello\n---\n"
GOOD = "\n## News {#news}\n\n### [A](https://a.example/x) {abc}\n\nWords.\n"


def lines(text: str) -> list[int | None]:
    return [error.line for error in unreadable_places(text, file=FILE)]


def test_a_draft_that_can_be_read_has_none() -> None:
    assert lines(TOP + GOOD) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("##Events\n\n### [A](nowhere) {abc}\n\n# Title\n\n### [B]()\n", [5, 7, 9, 11]),
        ("## A\n\n### x {a b}\n\n- when: 2026-11-21\n- when: never\n- whem: 2026-11-22\n",
         [7, 10, 11]),
        ("## A {#a}\n\n## B {#a}\n\n### C {abc}\n\n### D {abc}\n", [7, 11]),
        ("### Too early\n\n## A\n\n### [bad](x)\n", [5, 9]),
        ("<!-- never closed\n\n##Events\n", [5, 7]),
        ("## A\n\n```\ncode\n\n### [bad](x)\n", [7, 10]),
        ("Title\n=====\n\n-->\n\n<!– a dash –>\n", [6, 8, 10]),
    ],
    ids=["headings", "details", "twins", "before any section", "a note", "a fence", "marks"],
)  # fmt: skip
def test_each_place_is_named(body: str, expected: list[int]) -> None:
    assert lines(TOP + body) == expected
    assert lines((TOP + body).replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ("---\nlanguage: en\nsends_on: soon\nfallback: maybe\n---\n", [3, 4, 7]),
        ("---\nlanguage: en\nsubject: [\n---\n", [4, 6]),
        ("---\nlanguage: en\nsubject: x\n", [1, 5]),
        ("language: en\n", [1, 3]),
        ("---\nsubject: x\n---\n", [1, 5]),
        ("---\nlanguage: es\n---\n", [2, 5]),
    ],
    ids=["keys", "no YAML", "not closed", "no top", "no language", "another language"],
)
def test_neither_the_top_nor_the_body_hides_the_others_faults(
    top: str, expected: list[int]
) -> None:
    assert lines(f"{top}\n##Events\n") == expected


def test_a_pasted_file_names_so_many_and_ends() -> None:
    assert len(lines(TOP + "# x\n" * 500)) == MOST
    assert lines("x" * 1_000_001) != []


def test_check_names_them_in_every_edition(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    for language in ("en", "es"):
        path = tmp_path / f"issues/{ISSUE}/{language}.md"
        path.write_text(path.read_text() + "\n##Events\n\n### [x](y)\n")
    found = at.check().blocking
    assert [one.code for one in found] == ["unreadable"] * 4
    assert {one.file for one in found} == {f"issues/{ISSUE}/{one}.md" for one in ("en", "es")}
