"""Where the chain of events stood, written down beside the stories, outside the database. [I/O]

A database put back to an earlier day shows: its chain is shorter than what was written down.
"""

from pathlib import Path

from newsletter.errors import ConfigError, ServiceError
from newsletter.files import append_line
from newsletter.stories.record.chain import Anchor

NAME = "chain.txt"


class Anchors:
    """Lines of `length hash`, only ever appended to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[Anchor, ...]:
        """All that was written down. ConfigError when a line is damaged."""
        try:
            lines = self._path.read_text(encoding="ascii", errors="replace").splitlines()
        except FileNotFoundError:
            return ()
        anchors = []
        for number, line in enumerate(lines, 1):
            length, _, sha256 = line.partition(" ")
            if not length.isdigit() or len(sha256) != 64:
                raise ConfigError("this line is damaged", file=str(self._path), line=number)
            anchors.append(Anchor(length=int(length), sha256=sha256))
        return tuple(anchors)

    def add(self, length: int, sha256: str) -> None:
        """Write down where the chain stands."""
        try:
            append_line(self._path, f"{length} {sha256}")
        except OSError as error:
            raise ServiceError(f"cannot write: {error.strerror}", file=str(self._path)) from error
