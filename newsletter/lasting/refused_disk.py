"""What a disk refused, in words: which one, and what to do. [I/O]"""

import errno
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from newsletter.errors import ServiceError

UNCHANGED = "nothing was changed"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(error: BaseException | None) -> bool:
    """Return whether a full disk was the reason; SQLite says so in a code of its own."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return _code(error) == "SQLITE_FULL"


def is_of_disk(error: BaseException | None) -> bool:
    """Return whether a disk was the reason. SQLite does not tell of a quota that is used up."""
    return isinstance(error, OSError) or _code(error).startswith(("SQLITE_FULL", "SQLITE_IOERR"))


def disk_refused(
    error: BaseException, written: Iterable[Path], *, hint: str = UNCHANGED
) -> ServiceError:
    """Return the error of what was to be written in these folders; of a full disk it names the
    folder with the least space left."""
    if is_full(error):
        free, folder = min((_free(folder), str(folder)) for folder in written)
        return ServiceError(
            f"the disk is full: {free / 1e6:,.0f} MB are left where {folder} is",
            hint=f"free space there (old backups, site/, outbox/), then run it again; {hint}",
        )
    name = getattr(error, "filename", None)
    return ServiceError(
        f"the disk refused it: {getattr(error, 'strerror', None) or error}",
        file=os.fsdecode(name) if name else "",
        hint=f"look at its permissions, and whether it or a quota is full (df -h); {hint}",
    )


def _code(error: BaseException | None) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _free(folder: Path) -> int:
    """Bytes that are left on the disk of a folder, or of the nearest one above that is there."""
    for here in (folder, *folder.parents):
        with suppress(OSError):
            return shutil.disk_usage(here).free
    return 0
