"""Where the chain of events stood, written down outside the database, in every place named. [I/O]

A database put back to an earlier day shows: its chain is shorter than what was written down.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from newsletter.errors import ConfigError, ServiceError
from newsletter.files import append_line, replace_file, rewrite_lines
from newsletter.model.submission import Checkpoint
from newsletter.stories.record.hash_chain import written_faults

NAME = "chain.txt"


class CheckpointFile:
    """Lines of `length hash` in each place, only ever appended to until a person confirms."""

    def __init__(self, *places: Path) -> None:
        self._places = places

    def read(self) -> tuple[Checkpoint, ...]:
        """Return all checkpoints of all places. ConfigError when a line is damaged."""
        return tuple(dict.fromkeys(line for place in self._places for line in _read(place) or ()))

    def faults(self, *, begun: bool) -> tuple[str, ...]:
        """Return which place lacks what another one has: somebody removed or put back a file.

        `begun` says that there are events, so that it must have been written down.
        """
        return written_faults({str(place): _read(place) for place in self._places}, begun=begun)

    def stamp(self) -> object:
        """Return what differs once a place changed."""
        return tuple(map(_seen, self._places))

    def append(self, checkpoint: Checkpoint) -> None:
        """Write down where the chain stands, synced to the disk. ServiceError when it cannot."""
        failed: OSError | None = None
        for place in self._places:
            try:
                append_line(place, _line(checkpoint))
            except OSError as error:
                failed = error
        if failed is not None:
            raise ServiceError(
                f"cannot write: {failed.strerror}", file=str(failed.filename or "")
            ) from failed

    def replace(self, others: Mapping[Checkpoint, Checkpoint]) -> None:
        """Put others in the place of some lines, in each file that can be written."""
        lines = {_line(old): _line(new) for old, new in others.items()}
        for place in self._places if lines else ():
            with suppress(OSError):
                rewrite_lines(place, lambda line: lines.get(line, line))

    def begin(self, checkpoint: Checkpoint) -> None:
        """Write this one in the place of all that were: a person confirmed it. ServiceError."""
        for place in self._places:
            try:
                replace_file(place, f"{_line(checkpoint)}\n".encode(), mode=0o600)
            except OSError as error:
                raise ServiceError(f"cannot write: {error.strerror}", file=str(place)) from error


def _line(checkpoint: Checkpoint) -> str:
    return f"{checkpoint.length} {checkpoint.sha256}"


def _seen(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(path: Path) -> tuple[Checkpoint, ...] | None:
    """Return the file's checkpoints; None where there is no file."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ServiceError(f"cannot read: {error.strerror}", file=str(path)) from error
    checkpoints = []
    for number, line in enumerate(lines, 1):
        length, _, sha256 = line.partition(" ")
        if not (length.isascii() and length.isdigit()) or len(sha256) != 64:
            raise ConfigError(
                "this line is damaged",
                file=str(path),
                line=number,
                hint="newsletter state confirm --by NAME writes the file again",
            )
        checkpoints.append(Checkpoint(length=int(length), sha256=sha256))
    return tuple(checkpoints)
