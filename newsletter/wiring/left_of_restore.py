"""[I/O] What a restore that was killed left: removed, or undone where something cannot wait."""

from contextlib import suppress
from pathlib import Path

from newsletter.errors import AttentionError, ServiceError
from newsletter.lasting.aside import FOLDER, NEW, OLD, at_work
from newsletter.lasting.stage import (
    MARKER,
    WORKSPACE,
    discard,
    is_left,
    refuse_interrupted,
    roll_back,
)


def discard_left(root: Path) -> bool:
    """Remove what one left that had not begun to change the workspace, or had ended; return whether
    there were copies in it: they may hold stories that were taken back since."""
    if not is_left(root):
        return False
    with suppress(OSError, AttentionError), at_work(root / FOLDER, WORKSPACE, tries=1):
        if (root / MARKER).exists():  # by now
            return False
        had_copies = any((root / FOLDER / name).exists() for name in (NEW, OLD))
        discard(root)
        return had_copies
    return False  # the next command tries again


def undo_interrupted(root: Path) -> bool:
    """Put the files back that stood here before a restore that was interrupted; return whether one
    was. It has to be run again: where a database on a server may be another one already, every
    other command waits for that.

    AttentionError while a restore is at work.
    """
    try:
        refuse_interrupted(root)
        return False
    except AttentionError:
        pass
    try:
        with at_work(root / FOLDER, WORKSPACE):
            was_interrupted = roll_back(root)
            if not (root / MARKER).exists():
                discard(root)
            return was_interrupted
    except OSError as error:
        raise ServiceError(
            f"the restore that was interrupted cannot be undone: {error.strerror}",
            file=str(error.filename or root / MARKER),
        ) from error
