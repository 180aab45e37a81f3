"""Only what hung here before a story came in is public; nobody reads when, or what, from a file."""

import hmac
from pathlib import Path

import pytest

from newsletter.stories.recognition.public_register import PublicRegister


def register(root: Path, key: bytes = b"k" * 32) -> PublicRegister:
    return PublicRegister(path=root / "blocks.txt", blocks=root / "blocks", key=lambda: key)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    (tmp_path / "blocks").mkdir()
    path = tmp_path / "blocks" / "rights.en.md"
    path.write_text("Do not open the door.")
    return path


def test_a_block_is_public_for_stories_that_come_after_it_was_seen(
    card: Path, tmp_path: Path
) -> None:
    blocks = register(tmp_path)
    assert list(blocks.before(9)) == []
    blocks.note(3)
    assert list(blocks.before(3)) == []
    assert list(blocks.before(4)) == ["Do not open the door."]
    blocks.note(7)
    assert list(blocks.before(4)) == ["Do not open the door."]


def test_a_block_that_was_changed_since_is_another_one(card: Path, tmp_path: Path) -> None:
    blocks = register(tmp_path)
    blocks.note(3)
    card.write_text("We hid in the kitchen.")
    assert list(blocks.before(9)) == []
    blocks.note(9)
    assert list(blocks.before(9)) == []
    assert list(blocks.before(10)) == ["We hid in the kitchen."]


def test_of_two_lines_the_earlier_counts_in_whatever_order(card: Path, tmp_path: Path) -> None:
    blocks = register(tmp_path)
    blocks.note(3)
    digest = blocks.path.read_text().split()[1]
    blocks.path.write_text(f"3 {digest}\n8 {digest}\nx {digest}\n")
    assert list(blocks.before(4)) == ["Do not open the door."]


def test_without_the_key_nothing_is_read_from_it(card: Path, tmp_path: Path) -> None:
    register(tmp_path).note(3)
    assert list(register(tmp_path, b"another key").before(9)) == []
    known = hmac.digest(b"", card.read_bytes(), "sha256").hex()
    assert known[:32] not in (tmp_path / "blocks.txt").read_text()


def test_what_cannot_be_written_excuses_nothing_and_costs_no_story(
    card: Path, tmp_path: Path
) -> None:
    (tmp_path / "blocks.txt").mkdir()
    register(tmp_path).note(3)
