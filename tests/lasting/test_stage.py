"""Killed at each step of putting things in place, or of undoing that: the old or the new, whole."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import AttentionError
from newsletter.lasting.aside import FOLDER
from newsletter.lasting.stage import (
    Move,
    begin,
    discard,
    is_left,
    move,
    move_beside,
    prepare,
    prepare_beside,
    refuse_interrupted,
    roll_back,
    stage_of,
    swap,
)

_EVENTS = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "shutil.rmtree", "open"}


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


class Steps:
    """Counts what changes the disk below a folder; ends the run at the chosen one."""

    def __init__(self) -> None:
        self.below, self.last, self.count = "", 0, 0
        sys.addaudithook(self._heard)

    def _heard(self, name: str, arguments: tuple[Any, ...]) -> None:
        if not self.below or name not in _EVENTS or not str(arguments[0]).startswith(self.below):
            return
        if name == "open" and not (isinstance(arguments[2], int) and arguments[2] & os.O_WRONLY):
            return
        self.count += 1
        if self.count == self.last:
            self.below = ""
            raise Killed

    def until(self, last: int, folder: Path, act: Callable[[], object]) -> bool:
        """Run it up to that step; return whether it was ended by it."""
        self.below, self.last, self.count = str(folder), last, 0
        try:
            act()
        except Killed:
            return True
        finally:
            self.below = ""
        return False


STEPS = Steps()


def old_and_new(folder: Path) -> tuple[Path, list[Move]]:
    """A workspace, and another one staged beside: some of it new, some gone, some elsewhere."""
    root = folder / "root"
    for name in ("root/issues/a", "root/feeds.yaml", "root/newsletter.toml", "shared/s"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("old")
    for name in ("newsletter.db", "newsletter.db-wal"):
        (root / name).write_text("old")
    (root / "stories").symlink_to(folder / "shared")
    (root / ".newsletter-id").symlink_to(folder / "nowhere")
    prepare(root, ("issues", "stories"))
    for name in ("issues/b", "stories/t", "newsletter.toml", ".gitignore", ".newsletter-id"):
        (stage_of(root) / name).parent.mkdir(exist_ok=True)
        (stage_of(root) / name).write_text("new")
    prepare_beside(root / "newsletter.db", root).write_text("new")
    names = ("issues", "stories", ".newsletter-id", "feeds.yaml", ".gitignore", "newsletter.toml")
    databases = [move_beside(root / name, root) for name in ("newsletter.db", "newsletter.db-wal")]
    return root, [*databases, *(move(root, name) for name in names)]


def tree(folder: Path) -> dict[str, str]:
    """What is there, but for the restore's own folder without anything of the workspace in it."""
    empty = {folder / "root" / FOLDER / name for name in (".gitignore", "lock")}
    empty |= {folder / f".shared{FOLDER}" / ".gitignore"}
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_text()
        for path in sorted(folder.rglob("*"))
        if (path.is_symlink() or path.is_file()) and path not in empty
    }


@pytest.fixture
def folders(tmp_path: Path) -> Callable[[], Path]:
    def fresh() -> Path:
        shutil.rmtree(tmp_path / "at", ignore_errors=True)
        (tmp_path / "at").mkdir()
        return tmp_path / "at"

    return fresh


def ended(folders: Callable[[], Path], last: int) -> tuple[Path, Path, bool]:
    """The two of them after a swap that was ended there."""
    folder = folders()
    root, moves = old_and_new(folder)
    begin(root, moves, is_server=False)
    return folder, root, STEPS.until(last, folder, lambda: swap(root, moves, is_server=False))


def test_each_step_leaves_the_old_or_the_new(folders: Callable[[], Path]) -> None:
    folder = folders()
    root, moves = old_and_new(folder)
    for one in moves:
        shutil.rmtree(one.staged) if one.staged.is_dir() else one.staged.unlink(missing_ok=True)
    discard(root)
    old = tree(folder)
    folder, _, is_ended = ended(folders, 10**6)
    new = tree(folder)
    assert not is_ended
    assert "root/newsletter.db-wal" not in new
    assert (new["root/newsletter.toml"], new["shared/t"]) == ("new", "new")
    seen, last, is_ended = set(), 0, True
    while is_ended:
        last += 1
        folder, root, is_ended = ended(folders, last)
        try:
            refuse_interrupted(root)
            assert tree(folder) == new, f"at step {last}"
            seen.add("new")
        except AttentionError:
            assert roll_back(root)
            assert tree(folder) == old, f"at step {last}"
            seen.add("old")
    assert seen == {"old", "new"}
    assert last > 15


def test_so_does_each_step_of_undoing_it(folders: Callable[[], Path]) -> None:
    folder, root, _ = ended(folders, 14)
    roll_back(root)
    old, last, is_ended = tree(folder), 0, True
    while is_ended:
        last += 1
        folder, root, _ = ended(folders, 14)
        at, where = last, root
        is_ended = STEPS.until(at, folder, lambda where=where: roll_back(where))  # type: ignore[misc]
        with suppress(AttentionError):
            refuse_interrupted(root)
            assert tree(folder) == old, f"at step {last}"
        roll_back(root)
        assert tree(folder) == old, f"at step {last}"
    assert last > 10


def test_what_is_made_after_it_was_undone_stays(folders: Callable[[], Path]) -> None:
    """With a database on a server the marker stays, and the next restore looks at it again."""
    root, moves = old_and_new(folders())
    (stage_of(root) / "templates").mkdir()
    moves.append(move(root, "templates"))
    begin(root, moves, is_server=True)
    assert STEPS.until(14, root, lambda: swap(root, moves, is_server=True))
    roll_back(root)
    (root / "templates").mkdir()
    (root / "templates" / "new.html").write_text("made since")
    roll_back(root)
    with pytest.raises(AttentionError, match="interrupted"):
        refuse_interrupted(root)
    assert (root / "templates" / "new.html").read_text() == "made since"


def test_another_users_restore_is_said() -> None:
    with tempfile.TemporaryDirectory() as folder:  # others cannot walk into pytest's own folder
        root = Path(folder)
        root.chmod(0o755)
        prepare(root, ("issues", "stories"))
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        else:
            (root / FOLDER).chmod(0)
        try:
            with pytest.raises(AttentionError, match="by another user") as refused:
                refuse_interrupted(root)
            assert not is_left(root)
        finally:
            os.seteuid(0) if is_root else (root / FOLDER).chmod(0o700)
        assert "as that user" in refused.value.hint
        refuse_interrupted(root)
        assert is_left(root)
