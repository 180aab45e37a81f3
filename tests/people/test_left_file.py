"""Who left, written down outside the database: appended to, read back, never in the way."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppression import Untestable, secret_key_mark
from newsletter.people.left_file import NAME, LeftFile

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LEFT = SuppressionReason.LEFT


def keys(file: LeftFile) -> list[bytes]:
    return [one.key for page in file.pages() for one in page]


def test_who_asked_again_is_not_kept_out_and_who_left_once_more_is(tmp_path: Path) -> None:
    file = LeftFile(lambda: tmp_path / "state")
    file.note([b"a", b"b", b"c"], LEFT, NOW)
    file.note([b"a", b"b"], None, NOW)
    file.note([b"b"], SuppressionReason.COMPLAINED, NOW)
    assert sorted(set(keys(file))) == [b"b", b"c"]
    assert (tmp_path / "state" / NAME).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700


def test_what_a_power_cut_left_of_a_line_hides_no_other(tmp_path: Path) -> None:
    file = LeftFile(lambda: tmp_path)
    file.note([b"a"], LEFT, NOW)
    with (tmp_path / NAME).open("a") as torn:
        torn.write('{"key": "6')
    file.note([b"b"], LEFT, NOW)
    assert keys(file) == [b"a", b"b"]


def test_leaving_goes_on_where_the_disk_refuses_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("a file")
    with caplog.at_level(logging.WARNING):
        LeftFile(lambda: tmp_path / "state").note([b"a"], LEFT, NOW)
    assert "could not be written down" in caplog.text
    assert b"a".hex() not in caplog.text


def test_a_line_says_no_address(tmp_path: Path) -> None:
    LeftFile(lambda: tmp_path).note([b"a"], LEFT, NOW)
    (line,) = (tmp_path / NAME).read_text().splitlines()
    assert json.loads(line) == {"key": "61", "why": "left", "at": NOW.isoformat()}


def test_nobody_is_kept_out_where_there_is_no_file(tmp_path: Path) -> None:
    assert keys(LeftFile(lambda: tmp_path)) == []


def test_a_line_says_which_key_it_is_under(tmp_path: Path) -> None:
    older, newer = (
        LeftFile(lambda: tmp_path, lambda key=key: secret_key_mark(key))  # type: ignore[misc]
        for key in ("older", "newer")
    )
    older.note([b"a", b"b"], LEFT, NOW)
    newer.note([b"c"], LEFT, NOW)
    newer.note([b"a"], None, NOW)
    LeftFile(lambda: tmp_path).note([b"d"], LEFT, NOW)  # as it was before
    assert older.untestable(["older", "newer"]) == Untestable()
    assert older.untestable(["newer"]).marks == {secret_key_mark("older")}
    assert older.untestable(["older"]).count == 1
    assert older.untestable([]).count == 2
    older.give_up([secret_key_mark("newer")], NOW)
    assert older.untestable(["older"]).count == 0
    assert keys(older) == [b"b", b"c", b"d"]
