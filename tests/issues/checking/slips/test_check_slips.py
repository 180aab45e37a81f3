"""Slips of a draft are warnings with their line in the file, capped, and never block."""

from pathlib import Path

import pytest

from newsletter.model.problem import Severity
from tests.issues.desk import ISSUE, Desk, desk, item, organisation

FILE = f"issues/{ISSUE}/en.md"
DRAFT = """\
---
language: en
subject: We recieve you
---

<!-- a note that recieves
two lines -->

Dear neighbors, we **won** the
the appeal. `teh` is code.

## Newz {#news}

### [A clinic opens](https://teh.example/recieve)

<!-- another note: teh -->

Two words.

Bring water,bread
and your docunents.

* one commitee of
* two &amp; three

- where: 5 Main Street, at teh corner
- verified: 2026-11-02

### Une réunion

Les familles de la rue se retrouvent teh samedi,dimanche.

- language: fr
"""


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    made = desk(
        tmp_path, [item("n1")], [organisation("a", name="Docunents Now")], languages=("en",)
    )
    made.write(FILE, DRAFT)
    return made


def slips(at: Desk, *right: str) -> list[tuple[int | None, str]]:
    problems = [one for one in at.check(right_words=right).problems if one.code == "slip"]
    assert all(one.severity is Severity.WARNS and one.file == FILE for one in problems)
    return [(one.line, one.message) for one in problems]


def test_each_slip_is_named_with_its_line_and_mend(at: Desk) -> None:
    assert slips(at) == [
        (3, "“recieve” → “receive”: misspelt"),
        (9, "“the the” → “the”: written twice"),
        (12, "“Newz” → “News”: misspelt"),
        (20, "“water,bread” → “water, bread”: a blank is missing"),
        (23, "“commitee” → “committee”: misspelt"),
        (26, "“teh” → “the”: misspelt"),
        (31, "“samedi,dimanche” → “samedi, dimanche”: a blank is missing"),
    ]


def test_words_of_the_workspace_and_of_members_names_are_right(at: Desk) -> None:
    assert not [one for one in slips(at) if "docunents" in one[1]]
    assert len(slips(at, "Recieve", "water,bread")) == 5


def test_what_cannot_be_seen_is_shown_by_its_number(at: Desk) -> None:
    at.edit("Two words.", "Two\uf0b7 words.")
    assert (18, "“[U+F0B7]” → “•”: a sign that only one font has") in slips(at)


def test_of_one_piece_a_few_are_shown_and_the_rest_is_counted(at: Desk) -> None:
    many = ("recieve", "wich", "beleive", "freind", "tommorow", "seperate", "untill")
    at.edit("Two words.", " and ".join(f"they said {word}" for word in many) + ". TODO")
    found = [message for line, message in slips(at) if line and 14 < line < 28]
    assert len(found) == 6
    assert found[-1] == "and 5 more of this kind in 'A clinic opens'"
    assert "“TODO”: something is to be added" in found


def test_a_piece_in_another_language_than_it_says_is_not_taken_for_slips(at: Desk) -> None:
    text = "Nous accueillons toutes les familles du quartier avec du pain et de la soupe chaude."
    at.edit("Two words.", f"{text} " * 20)
    assert not [one for one in slips(at) if one[0] == 18]


def test_slips_are_looked_for_only_where_somebody_asks(at: Desk) -> None:
    assert not [one for one in at.check().problems if one.code == "slip"]
