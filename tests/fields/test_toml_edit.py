"""A table is taken out of a TOML text, and nothing else changes."""

import tomllib

import pytest

from newsletter.fields.toml_edit import without_table

TOML = """\
[coalition]
name = "Bridge"

# Who may approve.
[[editors]]
name = "Ana"
languages = ["en",
  "[[editors]]"]

# Bo is here on Mondays.
[[editors]]
name = "Bo"  # by phone

# How many.
[issue]
approvals_required = 1
"""


def test_one_editor_goes_and_every_other_line_stays() -> None:
    changed = without_table(TOML, "editors", "name", "Bo")
    assert changed == TOML.replace('[[editors]]\nname = "Bo"  # by phone\n', "")
    last = without_table(changed, "editors", "name", "Ana")
    assert "editors" not in tomllib.loads(last)
    assert "# How many.\n[issue]" in last


def test_lines_that_end_as_on_windows_stay_so() -> None:
    text = TOML.replace("\n", "\r\n")
    assert without_table(text, "editors", "name", "Bo").count("\r\n") == text.count("\r\n") - 2


@pytest.mark.parametrize("text", ['editors = [{name = "Bo"}]\n', TOML.replace('"Bo"', '"Bea"'), ""])
def test_what_cannot_be_taken_out_by_lines_is_left_to_a_person(text: str) -> None:
    with pytest.raises(ValueError, match="no table of its own"):
        without_table(text, "editors", "name", "Bo")
