"""Who else can get at the workspace's files, and a clock that is wrong. [I/O]"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsletter.doctor.findings import Finding, look

# Addresses of readers, secrets, and stories that nobody has approved yet.
PRIVATE = ("newsletter.db", "newsletter.db-wal", "outbox", "stories", ".env")
LISTS = "*.csv"  # people, exported or about to be imported
CLOUDS = ("dropbox", "onedrive", "icloud", "mobile documents", "google drive", "nextcloud")
AHEAD = timedelta(hours=1)


def exposure(root: Path, now: datetime) -> list[Finding]:
    """Find who else can read the files, a synchronised folder and a wrong clock."""
    return [*_open_to_all(root), *_in_a_cloud(root), *_clock(root, now)]


def _open_to_all(root: Path) -> Iterator[Finding]:
    here = root.absolute()
    if not all(_mode(folder) & 0o001 for folder in (here, *here.parents)):
        return  # nobody else comes this far
    private = [here / name for name in PRIVATE] + sorted(here.glob(LISTS))
    readable = [path.name for path in private if _mode(path) & 0o004]
    if readable:
        yield look(
            "permissions",
            f"everyone with an account on this computer can read {', '.join(readable)}",
            f"chmod -R go-rwx {' '.join(readable)}",
        )


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


def _mode(path: Path) -> int:
    """Return the permissions; none where there is nothing."""
    return path.stat().st_mode if path.exists() else 0
