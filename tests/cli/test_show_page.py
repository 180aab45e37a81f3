"""A page that `preview --serve` or `templates gallery --serve` shows follows what is saved."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.test_preview import DRAFT, workspace
from tests.processes import PATIENCE, started


@contextmanager
def served(root: Path, *command: str) -> Iterator[str]:
    """The command's page while it runs; its address."""
    newsletter = [sys.executable, "-m", "newsletter", "-w", str(root), *command]
    output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    with started([*newsletter, "--serve", "--no-open"], **output) as process:
        assert process.stderr is not None
        found = (re.search(r"http://\S+", line) for line in process.stderr)
        yield next(address[0] for address in found if address)


def get(url: str) -> str:
    with urlopen(url, timeout=PATIENCE) as answer:
        return str(answer.read().decode())


def edit_draft(root: Path) -> None:
    (root / "issues/2026-W47/en.md").write_text(DRAFT.replace("the whole chain", "bread at ten"))


def add_kind(root: Path) -> None:
    (root / "templates/kinds").mkdir(parents=True)
    part = '{# kind\ntitle.en = "Recipes"\n#}<mj-text>{{ p.title }}</mj-text>'
    (root / "templates/kinds/recipes.mjml").write_text(part)


def break_part(root: Path) -> None:
    (root / "templates/kinds").mkdir(parents=True)
    (root / "templates/kinds/news.mjml").write_text("<mj-text>{{ p.titel }}</mj-text>")


@pytest.mark.parametrize(
    ("command", "save", "shown"),
    [
        (("preview", "2026-W47"), edit_draft, "bread at ten"),
        (("templates", "gallery"), add_kind, "recipes"),
        (("templates", "gallery"), break_part, "news.mjml:1: unknown name"),
    ],
)
def test_what_is_saved_is_shown(
    tmp_path: Path, command: tuple[str, ...], save: Callable[[Path], None], shown: str
) -> None:
    workspace(tmp_path)
    with served(tmp_path, *command) as url:
        assert shown not in get(url)
        version = get(f"{url}changed?")
        save(tmp_path)
        assert get(f"{url}changed?{version}") != version
        assert shown in get(url)
