"""The archive's folder holds what is published now, and what others put there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.shown import Shown


def counts(folder: PublishedFolder, files: dict[str, str | bytes]) -> tuple[int, int]:
    """How many were written, and removed."""
    written, removed = folder.replace(files, Shown())
    return len(written), len(removed)


def test_what_is_new_is_written_and_what_is_gone_removed(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path / "site")
    assert counts(folder, {"a/index.html": "one", "b/index.html": "two"}) == (2, 0)
    assert counts(folder, {"a/index.html": "one", "c.png": b"three"}) == (1, 1)
    assert (tmp_path / "site/a/index.html").read_text() == "one"
    assert not (tmp_path / "site/b").exists()


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path / "site")
    with ThreadPoolExecutor(1) as pool:
        with folder.alone():
            other = pool.submit(_replaced_alone, PublishedFolder(tmp_path / "site"))
            folder.replace({"a.html": "ours"}, Shown())
            assert (tmp_path / "site/a.html").read_text() == "ours"
            assert not other.done()
        other.result()
    assert (tmp_path / "site/a.html").read_text() == "theirs"


def _replaced_alone(folder: PublishedFolder) -> None:
    with folder.alone():
        folder.replace({"a.html": "theirs"}, Shown())


def test_what_somebody_else_put_there_stays(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path)
    folder.replace({"stories/x/index.html": "one"}, Shown())
    (tmp_path / "CNAME").write_text("digest.example")
    (tmp_path / "stories/x/note.txt").write_text("mine")
    assert counts(folder, {}) == (0, 1)
    assert (tmp_path / "CNAME").is_file()
    assert (tmp_path / "stories/x/note.txt").is_file()


def test_a_list_that_was_tampered_with_removes_nothing_outside(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path / "site")
    folder.replace({"a.html": "one"}, Shown())
    (tmp_path / "precious").write_text("keep")
    (tmp_path / "site/.newsletter-archive").write_text("../precious\na.html\n")
    assert counts(folder, {"a.html": "one"}) == (0, 0)
    assert (tmp_path / "precious").is_file()


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    folder = PublishedFolder(tmp_path)
    folder.replace({"a.html": "one"}, Shown())
    assert counts(folder, {"a.html": "one"}) == (0, 0)
