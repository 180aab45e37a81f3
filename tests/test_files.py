"""Files of the workspace are replaced whole, and stay as readable as they were."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.files import WorkspaceFiles


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_a_new_file_has_the_permissions_that_the_umask_says(tmp_path: Path) -> None:
    WorkspaceFiles(tmp_path).write("issues/2026-W47/en.md", "words")
    assert mode(tmp_path / "issues/2026-W47/en.md") == 0o640


@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("kept", [0o600, 0o664])
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("before")
    path.chmod(kept)
    WorkspaceFiles(tmp_path).write("feeds.yaml", "after")
    assert (path.read_text(), mode(path)) == ("after", kept)
    assert [one.name for one in tmp_path.iterdir()] == ["feeds.yaml"]
