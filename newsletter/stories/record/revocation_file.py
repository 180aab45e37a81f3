"""What storytellers took back, in a file of its own that no restored database can undo. [I/O]

One JSON object a line, only ever appended to: two copies of the file are joined by putting the
lines together, in any order. It holds random ids, days and hashes, and no word of any story.
"""

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from newsletter.errors import ConfigError, ServiceError
from newsletter.files import append_line, rewrite_lines
from newsletter.model.consent import Revocation
from newsletter.model.keyed import is_unkeyed, with_keyed

NAME = "withdrawn.jsonl"


class RevocationFile:
    """The revocations on record. `read` is cheap when nothing changed: it is asked per batch."""

    def __init__(self, path: Path, *, key: bytes) -> None:
        self.path = path
        self._key = key
        self._seen: tuple[int, int, int] | None = None
        self._revocations: tuple[Revocation, ...] = ()

    def read(self) -> tuple[Revocation, ...]:
        """Return all revocations.

        ConfigError when a line cannot be read: a revocation must never be lost silently.
        """
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._seen, self._revocations = None, ()
            return ()
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        if seen != self._seen:
            lines = self.path.read_text(encoding="utf-8").splitlines()
            self._revocations = tuple(
                self._parse(line, number) for number, line in enumerate(lines, 1) if line.strip()
            )
            self._seen = seen
            if any(_is_unkeyed(line) for line in lines):
                with suppress(OSError):  # read only: what is read is under the key all the same
                    rewrite_lines(self.path, self._with_keyed)
        return self._revocations

    def append(self, revocation: Revocation) -> None:
        """Append one revocation, on the disk before this returns. ServiceError when it cannot."""
        try:
            append_line(self.path, json.dumps(_as_mapping(revocation), sort_keys=True))
        except OSError as error:
            raise ServiceError(
                f"the withdrawal could not be written: {error.strerror}",
                file=str(self.path),
                hint="The story was NOT withdrawn. Free up disk space or fix the folder's "
                "permissions, then run the command again.",
            ) from error

    def _with_keyed(self, line: str) -> str:
        """A line that 0.2 wrote, without digests that need no key; any other as it is."""
        if not _is_unkeyed(line):
            return line
        return json.dumps(with_keyed(json.loads(line), self._key), sort_keys=True)

    def _parse(self, line: str, number: int) -> Revocation:
        try:
            row = with_keyed(json.loads(line), self._key)
            return Revocation.of_limits(
                row,
                record_id=row["record"],
                story_id=row.get("story", ""),
                on=date.fromisoformat(row["on"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(
                "this line is damaged, and a withdrawal may be lost with it",
                file=str(self.path),
                line=number,
                hint="restore the line from a backup; until then no story can be used",
            ) from error


def _is_unkeyed(line: str) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and is_unkeyed(row)


def _as_mapping(revocation: Revocation) -> dict[str, Any]:
    """Return the line's values; what is not taken back is left out."""
    mapping: dict[str, Any] = {
        "record": revocation.record_id,
        "story": revocation.story_id,
        "on": revocation.on.isoformat(),
        **revocation.limits(),
    }
    return {key: value for key, value in mapping.items() if value}
