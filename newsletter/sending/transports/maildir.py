"""A Maildir [I/O]: each message is a file in `new`, there whole or not at all."""

import os
from pathlib import Path


def make_maildir(folder: Path) -> None:
    """Make the folder and its parts, for the eyes of its owner alone: what is written here has
    addresses and personal links. OSError when it cannot be made."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(exist_ok=True)


def write_message(folder: Path, name: str, message: bytes) -> None:
    """Write one file: to `tmp`, synced, renamed into `new`. OSError when that fails."""
    beside = folder / "tmp" / name
    try:
        with beside.open("wb") as out:
            out.write(message)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    beside.replace(folder / "new" / name)
