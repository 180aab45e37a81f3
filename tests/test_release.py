"""What is published: a wheel that has everything, typed, and whose sdist gives the same."""

import datetime
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from newsletter import __version__
from tools import check_release

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(processes: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built as `make release` builds it."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
    )
    return next(out.iterdir())


def test_the_wheel_has_a_workspace_and_templates_and_says_that_it_is_typed(wheel: Path) -> None:
    names = check_release.names_in(wheel)
    assert "newsletter/py.typed" in names
    for path in ("templates/issue.mjml", "newsletter.toml", "feeds.yaml", "demo/lantern.png"):
        assert f"newsletter/shipped/{path}" in names
    assert {"newsletter/__init__.py", "newsletter/shipped/feeds.yaml"} <= check_release.shipped()


def test_a_wheel_that_another_one_differs_from_is_named_file_by_file(
    wheel: Path, tmp_path: Path
) -> None:
    other = tmp_path / wheel.name
    shutil.copy(wheel, other)
    assert list(check_release.differences(wheel, other)) == []
    with ZipFile(other, "a") as archive:
        archive.writestr("newsletter/left_behind.py", "")
    (line,) = check_release.differences(wheel, other)
    assert line.startswith("newsletter/left_behind.py ")


@pytest.mark.usefixtures("processes")
def test_a_file_of_a_workspace_is_not_published(tmp_path: Path) -> None:
    sdist = tmp_path / "coalition_newsletter-0.tar.gz"
    with tarfile.open(sdist, "w:gz") as archive:
        for name in ("README.md", "PKG-INFO", "stories/zz.md", "readers.csv"):
            archive.addfile(tarfile.TarInfo(f"coalition_newsletter-0/{name}"))
    assert check_release.untracked(sdist) == {"stories/zz.md", "readers.csv"}


def test_the_version_has_a_dated_section_in_the_changelog() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\S+) - (\S+)$", changelog, re.MULTILINE))
    assert datetime.date.fromisoformat(sections[__version__])
