"""Files of the workspace are replaced whole, and stay as readable as they were."""

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Timer

import pytest

from newsletter.files import WorkspaceFiles, append_line
from newsletter.system import IS_POSIX, held_file, locked_at_once

has_modes = pytest.mark.skipif(not IS_POSIX, reason="there a file's mode means nothing")


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@has_modes
@pytest.mark.usefixtures("umask")
def test_a_new_file_has_the_permissions_that_the_umask_says(tmp_path: Path) -> None:
    WorkspaceFiles(tmp_path).write("issues/2026-W47/en.md", "words")
    assert mode(tmp_path / "issues/2026-W47/en.md") == 0o640


@has_modes
@pytest.mark.usefixtures("umask")
@pytest.mark.parametrize("kept", [0o600, 0o664])
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("before")
    path.chmod(kept)
    WorkspaceFiles(tmp_path).write("feeds.yaml", "after")
    assert (path.read_text(), mode(path)) == ("after", kept)
    assert [one.name for one in tmp_path.iterdir()] == ["feeds.yaml"]


def test_a_line_that_a_power_cut_tore_is_not_continued(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lines.txt"
    append_line(path, "one")
    with path.open("a") as file:
        file.write("tw")
    append_line(path, "three")
    assert path.read_text() == "one\ntw\nthree\n"
    assert mode(path) == 0o600


def test_a_locked_folder_is_made_and_held_until_the_block_ends(tmp_path: Path) -> None:
    files = WorkspaceFiles(tmp_path)
    with ThreadPoolExecutor(1) as pool:
        with files.locked("new/a.json"):
            other = pool.submit(_locked_and_written, files)
            files.write("new/a.json", "first")
            assert not other.done()
        other.result()
    assert files.read("new/a.json") == "second"


def _locked_and_written(files: WorkspaceFiles) -> None:
    with files.locked("new/a.json"):
        files.write("new/a.json", "second")


def test_an_error_inside_the_lock_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="disk"), WorkspaceFiles(tmp_path).locked("a"):
        raise OSError("disk")


def test_of_a_line_that_does_not_fit_on_the_disk_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "withdrawn.jsonl"
    append_line(path, "the first")
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 5, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            append_line(path, "one that is longer than what is left")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_text() == "the first\n"


def test_a_file_that_is_held_tells_who_has_it_until_they_let_go(tmp_path: Path) -> None:
    path = tmp_path / "worker"
    with held_file(path, "ana 12") as ana:
        assert ana.other is None
        with held_file(path, "bo 13") as bo:
            assert bo.other == "ana 12"
        assert path.read_text() == "ana 12"
    with held_file(path, "bo 13") as bo:
        assert bo.other is None


@pytest.mark.parametrize("stays", [True, False])
def test_who_has_just_taken_a_file_may_still_write_or_let_go(tmp_path: Path, stays: bool) -> None:
    path = tmp_path / "worker"
    with ExitStack() as ana:
        ana.enter_context(locked_at_once(path, make=True))
        timer = Timer(0.1, (lambda: path.write_text("ana 12")) if stays else ana.close)
        timer.start()
        with held_file(path, "bo 13") as bo:
            assert bo.other == ("ana 12" if stays else None)
        timer.join()
