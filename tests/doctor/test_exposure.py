"""What doctor finds of others who may come by the files, and of the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.doctor.exposure import exposure


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A workspace in a folder that everybody may walk into."""
    closed = [
        folder for folder in (tmp_path, *tmp_path.parents) if not folder.stat().st_mode & 0o001
    ]
    modes = [folder.stat().st_mode for folder in closed]
    for folder in closed:
        folder.chmod(folder.stat().st_mode | 0o001)
    (tmp_path / "newsletter.db").touch(mode=0o600)
    yield tmp_path
    for folder, mode in zip(closed, modes, strict=True):
        folder.chmod(mode)


def written(root: Path) -> datetime:
    """When the newest file was written, by the file system's own clock."""
    newest = max((path.stat().st_mtime for path in root.glob("*")), default=0.0)
    return datetime.fromtimestamp(newest, UTC)


def parts(root: Path, now: datetime | None = None) -> list[str]:
    return [finding.part for finding in exposure(root, now or written(root))]


def test_a_workspace_that_nobody_else_reads_is_fine(root: Path) -> None:
    assert parts(root) == []


@pytest.mark.parametrize("name", ["newsletter.db", "stories", ".env", "people.csv"])
def test_what_everybody_here_can_read_is_named_with_the_mend(root: Path, name: str) -> None:
    path = root / name
    path.mkdir() if name == "stories" else path.touch()
    path.chmod(0o755)
    (finding,) = exposure(root, written(root))
    assert name in finding.message
    assert f"chmod -R go-rwx {name}" in finding.hint
    root.chmod(0o700)
    assert parts(root) == [], "nobody comes this far"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("copy.db", b""),
        ("backup-of-monday", b"SQLite format 3\0 and so on"),
        ("old/digest", b"PGDMP and so on"),
        ("old/2025/may/digest", b"PGDMP and so on"),
        ("dump.txt", b"--\n-- PostgreSQL database dump\n--\n"),
        ("lite.txt", b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n"),
        ("old/copy.gz", b""),
        ("digest.tar.zst", b""),
        ("server/newsletter.env", b""),
        ("server/newsletter.env.save", b""),
        ("recovery.age", b""),
    ],
)
def test_a_copy_of_the_database_under_any_name_is_named(
    root: Path, name: str, content: bytes
) -> None:
    """`.backup copy.db` of the sqlite3 program makes files that everybody can read."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    path.write_bytes(content)
    path.chmod(0o644)
    (finding,) = exposure(root, written(root))
    assert name in finding.message
    assert f"chmod -R go-rwx {name}" in finding.hint
    path.chmod(0o640)
    assert parts(root) == []


def test_what_lies_in_a_folder_that_nobody_else_may_enter_is_fine(root: Path) -> None:
    (root / "backup").mkdir(mode=0o700)
    (root / "backup" / "copy.db").touch(mode=0o644)
    (root / "site").mkdir(mode=0o755)
    (root / "site" / "feed.sql").touch(mode=0o644)
    assert parts(root) == []


@pytest.mark.parametrize("cloud", ["Dropbox", "OneDrive - Harbor", "Mobile Documents"])
def test_a_folder_that_is_synchronised_is_worth_a_look(root: Path, cloud: str) -> None:
    inside = root / cloud / "digest"
    inside.mkdir(parents=True)
    assert parts(inside) == ["folder"]


def test_a_clock_behind_the_files_is_worth_a_look(root: Path) -> None:
    assert parts(root, written(root) - timedelta(days=1)) == ["clock"]
