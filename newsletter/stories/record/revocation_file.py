"""What storytellers took back, in files of their own that no restored database can undo. [I/O]

One JSON object a line, only ever appended to: two copies of the file are joined by putting the
lines together, in any order. It holds random ids, days and hashes, and no word of any story.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from typing import Any

from newsletter.errors import ConfigError, ServiceError
from newsletter.files import append_line, rewrite_lines
from newsletter.model.consent import Revocation
from newsletter.model.keyed import is_unkeyed, with_keyed

NAME = "withdrawn.jsonl"
_UNTIL_THEN = "until then no story can be used"


class RevocationFile:
    """The revocations on record, in every place where they are kept: what any one of them says
    holds. `read` is cheap when nothing changed: it is asked per batch.

    What 0.2 wrote is put under the key in the files too, where the key `is_kept`: under one that
    may yet be replaced by another machine's, the words would never be known again.
    """

    def __init__(self, *places: Path, key: bytes, is_kept: bool = True) -> None:
        self._places = [_Place(path, key=key, is_kept=is_kept) for path in places]

    @property
    def paths(self) -> tuple[Path, ...]:
        """Return where it is kept."""
        return tuple(place.path for place in self._places)

    def read(self) -> tuple[Revocation, ...]:
        """Return all revocations of all places.

        ConfigError when a line cannot be read, ServiceError when a file cannot: a revocation must
        never be lost silently.
        """
        return tuple(dict.fromkeys(chain(*(place.read() for place in self._places))))

    def append(self, revocation: Revocation) -> tuple[str, ...]:
        """Append one revocation, on the disk before this returns.

        Returns what is left to do where one place did not take it; ServiceError when none did.
        """
        failed: dict[Path, OSError] = {}
        for place in self._places:
            try:
                place.append(revocation)
            except OSError as error:
                failed[place.path] = error
        if len(failed) == len(self._places):
            path, refused = next(iter(failed.items()))
            raise ServiceError(
                f"the withdrawal could not be written: {refused.strerror}",
                file=str(path),
                hint="The story was NOT withdrawn. Free up disk space or fix the folder's "
                "permissions, then run the command again.",
            ) from refused
        return tuple(
            f"write it to {path} as well, once that works: newsletter stories purge "
            f"({refused.strerror})"
            for path, refused in failed.items()
        )

    def lacking(self, revocations: Sequence[Revocation]) -> dict[Path, int]:
        """Return how many of the revocations each place does not say in any form."""
        return {place.path: len(not_said(revocations, by=place.read())) for place in self._places}

    def complete(self, revocations: Iterable[Revocation]) -> int:
        """Write to each place those of the revocations that it lacks; return how many lines.

        ServiceError when a place does not take them.
        """
        known = tuple(dict.fromkeys(revocations))
        count = 0
        for place in self._places:
            there = set(place.read())
            for revocation in known:
                if revocation not in there:
                    try:
                        place.append(revocation)
                    except OSError as error:
                        raise ServiceError(
                            f"cannot write: {error.strerror}", file=str(place.path)
                        ) from error
                    count += 1
        return count


class _Place:
    """One of the files."""

    def __init__(self, path: Path, *, key: bytes, is_kept: bool) -> None:
        self.path = path
        self._key = key
        self._is_kept = is_kept
        self._last: tuple[object, tuple[Revocation, ...]] = (None, ())  # one, for threads ask

    def read(self) -> tuple[Revocation, ...]:
        try:
            status = self.path.stat()
            if not S_ISREG(status.st_mode):
                raise ServiceError("not a file", file=str(self.path), hint=_UNTIL_THEN)
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            last = self._last
            if seen != last[0]:
                lines = self.path.read_bytes().split(b"\n")
                parsed = (self._parse(line, number) for number, line in enumerate(lines, 1) if line)
                last = self._last = (seen, tuple(parsed))
                if self._is_kept and any(map(_is_unkeyed, lines)):
                    with suppress(OSError):  # read only: what was read is under the key anyway
                        rewrite_lines(self.path, self._with_keyed)
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise ServiceError(
                f"cannot read: {error.strerror}", file=str(self.path), hint=_UNTIL_THEN
            ) from error
        return last[1]

    def append(self, revocation: Revocation) -> None:
        append_line(self.path, json.dumps(_as_mapping(revocation), sort_keys=True))

    def _with_keyed(self, line: str) -> str:
        """A line that 0.2 wrote, without digests that need no key; any other as it is."""
        if not _is_unkeyed(line):
            return line
        return json.dumps(with_keyed(json.loads(line), self._key), sort_keys=True)

    def _parse(self, line: bytes, number: int) -> Revocation:
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
                hint=f"restore the line from a backup; {_UNTIL_THEN}",
            ) from error


def _is_unkeyed(line: str | bytes) -> bool:
    try:
        row = json.loads(line)
    except ValueError:
        return False
    return isinstance(row, dict) and is_unkeyed(row)


def not_said(
    revocations: Iterable[Revocation], *, by: Sequence[Revocation]
) -> tuple[Revocation, ...]:
    """Return those that the other revocations do not say, be it with other fingerprints."""
    withdrawn = {one.record_id for one in by if one.withdrawn}
    return tuple(
        one
        for one in revocations
        if one not in by and not (one.withdrawn and one.record_id in withdrawn)
    )


def _as_mapping(revocation: Revocation) -> dict[str, Any]:
    """Return the line's values; what is not taken back is left out."""
    mapping: dict[str, Any] = {
        "record": revocation.record_id,
        "story": revocation.story_id,
        "on": revocation.on.isoformat(),
        **revocation.limits(),
    }
    return {key: value for key, value in mapping.items() if value}
