"""Who else can get at the workspace's files, and a clock that is wrong. [I/O]"""

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from itertools import chain, islice
from pathlib import Path

from newsletter.doctor.findings import Finding, look
from newsletter.system import is_open_to

# Addresses of readers, secrets, and stories that nobody has approved yet.
PRIVATE = ("outbox", "stories", ".env")
# People, exported or about to be imported; keys and secrets; databases, and copies of them. Of
# what is packed nobody can tell quickly whether it holds one.
PATTERNS = (
    *("*.csv", "*.age", "*.eml", "*.env", "*.env.*"),
    *("*.db", "*.db-wal", "*.db.*", "*.dump", "*.sql", "*.sql.*"),
    *("*.tar", "*.tar.*", "*.tgz", "*.zip", "*.gz", "*.bz2", "*.xz", "*.zst", "*.7z"),
)
_COPIES = (
    b"SQLite format 3\0",
    b"PRAGMA foreign_keys=OFF;",
    b"BEGIN TRANSACTION;",
    b"PGDMP",
    b"--\n-- PostgreSQL database dump",
)
_MOST = 2000  # files that are looked into for a copy of the database under another name
_DEEPEST = 4  # levels of folders
_NOT = ("site", ".git")  # public; looked into by git_history.py
_SHOWN = 5
_READ, _WALK = 0o004, 0o001  # by everybody
CLOUDS = ("dropbox", "onedrive", "icloud", "mobile documents", "google drive", "nextcloud")
AHEAD = timedelta(hours=1)


def exposure(root: Path, now: datetime) -> list[Finding]:
    """Find who else can read the files, a synchronised folder and a wrong clock."""
    return [*_open_to_all(root), *_in_a_cloud(root), *_clock(root, now)]


def _open_to_all(root: Path) -> Iterator[Finding]:
    here = root.absolute()
    if not all(is_open_to(folder, _WALK) for folder in (here, *here.parents)):
        return  # nobody else comes this far
    private = {here / name for name in PRIVATE} | set(_private_files(here))
    names = sorted(
        path.relative_to(here).as_posix()
        for path in private
        if is_open_to(path, _READ) and not _is_closed(path.parent, here)
    )
    if names:
        listed = ", ".join(names[:_SHOWN])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield look(
            "permissions",
            f"everyone with an account on this computer can read {listed}{more}",
            f"chmod -R go-rwx {shlex.join(names)}",
        )


def _private_files(here: Path) -> Iterator[Path]:
    """Files of the workspace, and of the folders in it, that are private by their name, or hold a
    database by their first bytes. The website is public."""
    tops = [path for path in here.glob("*") if path.name not in _NOT]
    below = (top.glob("/".join("*" * depth)) for depth in range(1, _DEEPEST) for top in tops)
    for path in islice(chain(tops, chain.from_iterable(below)), _MOST):
        if is_open_to(path, _READ) and path.is_file():
            if any(fnmatch(path.name.lower(), pattern) for pattern in PATTERNS):
                yield path
                continue
            with path.open("rb") as opened:
                if opened.read(40).startswith(_COPIES):
                    yield path


def _is_closed(folder: Path, here: Path) -> bool:
    """Whether nobody else may walk from the workspace into the folder."""
    between = (folder, *folder.parents)
    return any(not is_open_to(one, _WALK) for one in between if one.is_relative_to(here))


def _in_a_cloud(root: Path) -> Iterator[Finding]:
    words = [part.lower() for part in root.resolve().parts]
    clouds = [name for name in CLOUDS if any(name in part for part in words)]
    if clouds:
        yield look(
            "folder",
            f"the workspace is in {clouds[0]}: copies of readers' addresses leave this "
            "computer, and two computers that write the database at once damage it",
            "move the workspace to a folder that is not synced",
        )


def _clock(root: Path, now: datetime) -> Iterator[Finding]:
    newest = max((path.stat().st_mtime for path in root.glob("*") if path.is_file()), default=0.0)
    if datetime.fromtimestamp(newest, UTC) - now > AHEAD:
        yield look(
            "clock",
            "some files here are dated in the future: is this computer's clock right?",
            "consents end and bulletins lapse by this clock",
        )
