"""Taking `{id}` away frees no words and removes no credit."""

from pathlib import Path

import pytest

from newsletter.model.organisation import Terms, TextTerms
from tests.issues.desk import Desk, desk, item, organisation

TEXT = " ".join(f"word{n}" for n in range(90))
HEADING = "### [Tenants win in court](https://harbor.example/n1)"


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    """A piece of a member that allows twenty words, its id taken away."""
    terms = Terms(text=TextTerms.EXCERPT, words=20)
    piece = item("n1", title="Tenants win in court", text=TEXT)
    made = desk(tmp_path, [piece], [organisation("harbor", terms=terms)], ("en",))
    made.draft()
    made.edit(" {n1}", "")
    return made


def found(at: Desk) -> list[tuple[str, str]]:
    ours = ("terms", "uncredited")
    return [(one.code, one.severity.value) for one in at.check().problems if one.code in ours]


def test_the_words_are_known_again_and_the_credit_is_asked_for(at: Desk) -> None:
    (problem,) = at.check().blocking
    assert problem.code == "uncredited"
    assert "put {n1} back" in problem.hint
    at.edit("word0", "Harbor says: word0")  # as a member's own text does of itself
    assert found(at) == [("uncredited", "blocks")]


@pytest.mark.parametrize("credit", ["- source: Harbor\n", "- shared_by: harbor\n"])
def test_a_credit_by_hand_does_and_the_terms_hold_all_the_same(at: Desk, credit: str) -> None:
    at.edit("word19 …", f"word19\n\n{credit}")
    assert found(at) == []
    at.edit("word19", "word19 word20 word21")
    assert found(at) == [("terms", "blocks")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (HEADING, "### Something else", [("uncredited", "warns")]),
        ("https://harbor.example/n1", "https://a.example/x", [("uncredited", "blocks")]),
        ("https://harbor.example/n1", "https://www.harbor.example/n1/?utm_source=x",
         [("uncredited", "blocks")]),
        (TEXT[: TEXT.index("word20")], "Our own sentence about it all. ",
         [("uncredited", "warns")]),
        (TEXT[: TEXT.index("word20")], "A win that Harbor fought for. ", []),
    ],
    ids=["words alone", "title and words", "link in another spelling", "link alone", "named"],
)  # fmt: skip
def test_link_title_and_words_each_are_enough_to_ask(
    at: Desk, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    at.edit(old, new)
    assert found(at) == expected


def test_the_terms_hold_in_the_letter_too(at: Desk) -> None:
    at.edit(HEADING, "### [Tenants win in court](https://harbor.example/n1) {n1}")
    at.edit("---\n\n##", f"---\n\nDear all, {TEXT}\n\n##")
    assert found(at) == [("terms", "blocks")]


def test_a_page_that_was_pulled_and_never_offered_is_known_too(at: Desk) -> None:
    at.items.add(item("n2", text=TEXT, link="https://harbor.example/old"))
    at.edit(HEADING, "### [Another](https://harbor.example/old)")
    assert found(at) == [("uncredited", "blocks")]


def test_an_own_piece_and_an_own_card_are_nobodys(at: Desk) -> None:
    at.edit(HEADING, "### [Our march](https://a.example/march)")
    at.edit(TEXT[: TEXT.index("word20")], "Come to the march on Saturday, all of you, and sing. ")
    assert found(at) == []


def test_standing_cards_may_have_words_that_a_member_reprinted(at: Desk) -> None:
    at.edit(HEADING, "### A card of ours")
    at.edit("{#news}", "{#rights}")
    assert found(at) == []
