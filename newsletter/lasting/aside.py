"""[I/O] The folder in which a restore makes what comes and keeps what goes; who is at work there.

Git takes nothing of it in: it says so itself, before anything else is in it. Whoever holds its
lock is at work; the system lets go of that when they end, however they end.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from newsletter.errors import AttentionError
from newsletter.system import locked_at_once

FOLDER = ".newsletter-restore"
NEW, OLD = "new", "old"
_LOCK, _IGNORED, _ALL = "lock", ".gitignore", b"*\n"
_TRIES = 20  # in two seconds: whoever clears away after a killed one is done by then


def aside_of(path: Path, root: Path) -> Path:
    """Return the folder through which something is replaced: the workspace's for what lies in it,
    else one beside it, for a rename needs the same disk."""
    return root / FOLDER if path.parent == root else path.with_name(f".{path.name}{FOLDER}")


def make_aside(folder: Path) -> None:
    """Make it, private and out of Git. OSError."""
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignored = folder / _IGNORED
    if not ignored.is_file() or ignored.read_bytes() != _ALL:
        ignored.write_bytes(_ALL)


@contextmanager
def at_work(folder: Path, what: str, *, tries: int = _TRIES) -> Iterator[None]:
    """Be the one who restores by this folder, which is made. AttentionError while somebody else
    does. `what` is restored, in words."""
    with ExitStack() as held:
        for _ in range(tries):
            with suppress(BlockingIOError, FileNotFoundError):  # held, or removed just now
                held.enter_context(_held(folder))
                break
            time.sleep(0.1)
        else:
            raise AttentionError(
                f"another restore of {what} is at work: this one changed nothing",
                hint="wait until it is done; newsletter state show then says how things are",
            )
        yield


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Make it and hold it; where that cannot be, nothing of it stays."""
    with ExitStack() as held:
        try:
            make_aside(folder)
            held.enter_context(locked_at_once(folder / _LOCK, make=True))
        except (BlockingIOError, FileNotFoundError):
            raise
        except OSError:
            with suppress(OSError):
                if {path.name for path in folder.iterdir()} <= {_IGNORED}:
                    remove(folder)
            raise
        yield


def is_at_work(folder: Path) -> bool:
    """Return whether somebody restores by this folder now."""
    if not (folder / _LOCK).exists():
        return False
    with suppress(OSError):
        try:
            with locked_at_once(folder / _LOCK, make=False):
                return False
        except BlockingIOError:
            return True
    return False


def others_of(root: Path) -> list[Path]:
    """Return such folders on other disks that a restore of the workspace made."""
    new = root / FOLDER / NEW
    links = [one for one in new.iterdir() if one.is_symlink()] if new.is_dir() else []
    found = [one.readlink().parent.parent for one in links]
    return [one for one in found if one.name.endswith(FOLDER)]


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, where it is there. OSError."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()
