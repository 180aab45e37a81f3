"""[I/O] The file of a backup: private from its first byte, and there only when it is whole."""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from glob import escape
from pathlib import Path

from newsletter.errors import UsageError
from newsletter.files import replacing
from newsletter.lasting.age_stream import Lock, seal_into
from newsletter.lasting.refused_disk import disk_refused
from newsletter.system import hold_at_once, locked_at_once


def write_backup(
    path: Path, chunks: Iterable[bytes], lock: Lock, *, now: datetime, replace: bool = False
) -> int:
    """Write the chunks beside the file, sealed, and rename that when it is whole; return its size.

    What an earlier run that was killed left beside is removed; one that goes on keeps what it has
    written. UsageError when the file is there
    and not to be replaced; ServiceError when the disk says no.
    """
    _refuse_another(path, replace=replace)
    if not path.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {path.absolute().parent}")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        for left in path.parent.glob(f".{escape(path.name)}.*.part"):
            _remove_left(left)
        with replacing(path, beside, mode=0o600) as file:
            hold_at_once(file.fileno(), beside)
            seal_into(file, chunks, lock, now=now)
            size = file.seek(0, os.SEEK_END)
            _refuse_another(path, replace=replace)
    except OSError as error:
        kept = "no backup was made; what was there before is as it was"
        raise disk_refused(error, [path.absolute().parent], hint=kept) from error
    return size


def _refuse_another(path: Path, *, replace: bool) -> None:
    if path.exists() and not replace:
        raise UsageError(
            f"there is already a file {path}", hint="name another one, or add --replace"
        )


def _remove_left(path: Path) -> None:
    """Remove what a backup had written, unless it still writes."""
    with (
        suppress(FileNotFoundError, BlockingIOError, PermissionError),
        locked_at_once(path, make=False),
    ):
        path.unlink()
