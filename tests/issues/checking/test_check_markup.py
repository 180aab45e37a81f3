"""What editors paste and leave behind, which readers would see otherwise than it was meant."""

import pytest

from tests.issues.desk import Desk, desk, item

LONG = f"A whole paragraph that somebody pasted {'from there ' * 8} stands on one line."


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = desk(tmp_path_factory.mktemp("desk"), [item("n1")], languages=("en",))
    made.draft()
    return made


@pytest.mark.parametrize(
    ("letter", "seen"),
    [
        ("Dear {firstname},", "'{firstname}'"),
        ("Dear {{ first_name }},", "'{{ first_name }}'"),
        ("{k3f9q2ab}", "'{k3f9q2ab}'"),
        ("Warmly,\nRosa and Sami", "'Warmly,'"),
        ("•\tFirst thing\n•\tSecond thing that takes somewhat longer to say", "First thing"),
        ("\u2014Hola, vecina, ¿viene usted a la clínica?\n\u2014Claro.", "Hola"),
        (f"{LONG}\nThe next one.", "A whole"),
        ("Warmly,\\\nRosa and Sami", ""),
        ("* First\n* Second", ""),
        ("1. First\n2. Second", ""),
        ("These are lines that somebody broke at sixty characters,\nas programs do.", ""),
        ("A set {1, 2} and <!-- {k3f9q2ab} --> a note.", ""),
    ],
)  # fmt: skip
def test_what_readers_would_see_is_said(at: Desk, letter: str, seen: str) -> None:
    before = at.text()
    at.edit("\n\n## ", f"\n\n{letter}\n\n## ")
    found = [one.message for one in at.check().problems if one.code == "markup"]
    (at.root / "issues/2026-W47/en.md").write_text(before)
    assert len(found) == bool(seen)
    assert all(seen in message for message in found)


def test_an_id_that_a_note_speaks_of_is_not_there_yet(at: Desk) -> None:
    at.items.add(item("n2"))
    at.edit("\n\n## ", "\n\n<!-- and {n2}? -->\n\n## ")
    at.draft()
    assert "### [Title n2](https://harbor.example/n2) {n2}" in at.text()
