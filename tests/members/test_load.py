"""feeds.yaml read through its quick copy, which is never believed about another text."""

import json
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.members.load import COPY, LONG, members
from newsletter.members.registry import read

MEMBER = """\
  - id: member-{0}
    name: "Member {0}: news"
    url: https://member-{0}.example
    languages: [en, no]
    contact: web@member-{0}.example
    terms: {{text: link, pictures: true}}
    feeds: [{{url: "https://member-{0}.example/feed/", kind: calendar, paused: true}}]
"""


def registry(count: int, *, comment: int = LONG) -> str:
    """Long by its last line: members are slow to read, comments are not."""
    members = "".join(MEMBER.format(number) for number in range(count))
    return f"organisations:\n{members}# {'-' * comment}\n"


@pytest.fixture
def files(tmp_path: Path) -> WorkspaceFiles:
    text = registry(10)
    assert len(text) > LONG
    (tmp_path / "feeds.yaml").write_text(text)
    return WorkspaceFiles(tmp_path)


def test_the_copy_says_what_the_file_says(files: WorkspaceFiles) -> None:
    expected = read(files.read("feeds.yaml"))
    assert members(files) == expected
    assert members(files) == expected


def test_the_second_reading_is_of_the_copy(files: WorkspaceFiles) -> None:
    members(files)
    files.write(COPY, files.read(COPY).replace("Member 7:", "Copied 7:"))
    assert members(files)[7].name == "Copied 7: news"


def test_a_changed_file_is_read_anew(files: WorkspaceFiles) -> None:
    members(files)
    files.write("feeds.yaml", registry(11))
    assert len(members(files)) == 11
    files.write("feeds.yaml", registry(11) + "  - id: x\n")
    with pytest.raises(ConfigError, match=r"x\.name is missing") as raised:
        members(files)
    assert raised.value.line == 3 + 11 * 7


@pytest.mark.parametrize(
    "broken",
    ["", "[]", "{", '"x"', "null", '{"of": 1}', '{"organisations": 1}'],
)
def test_a_broken_copy_is_made_again(files: WorkspaceFiles, broken: str) -> None:
    members(files)
    good = files.read(COPY)
    of = json.loads(good)["of"]
    for text in (broken, json.dumps({"of": of}), json.dumps({"of": of, "organisations": 7})):
        files.write(COPY, text)
        assert len(members(files)) == 10
    assert len(members(files)) == 10


def test_a_short_file_needs_none(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text(registry(0, comment=0))
    assert members(WorkspaceFiles(tmp_path)) == ()
    assert not (tmp_path / COPY).exists()
