"""What storytellers took back, in a file of its own that no restored database can undo. [I/O]

One JSON object a line, only ever appended to: two copies of the file are joined by putting the
lines together, in any order. It holds random ids, days and hashes, and no word of any story.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from newsletter.errors import ConfigError, ServiceError
from newsletter.files import append_line
from newsletter.model.consent import Channel, Revocation

NAME = "withdrawn.jsonl"


class Tombstones:
    """The stops on record. `read` is cheap when nothing changed: it can be asked per batch."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._stops: tuple[Revocation, ...] = ()

    def read(self) -> tuple[Revocation, ...]:
        """All stops. ConfigError when a line cannot be read: a stop must never be lost silently."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._seen, self._stops = None, ()
            return ()
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        if seen != self._seen:
            lines = self.path.read_text(encoding="utf-8").splitlines()
            self._stops = tuple(
                self._stop(line, number) for number, line in enumerate(lines, 1) if line.strip()
            )
            self._seen = seen
        return self._stops

    def add(self, stop: Revocation) -> None:
        """Append one stop and have it on the disk before returning."""
        try:
            append_line(self.path, json.dumps(stop_as_mapping(stop), sort_keys=True))
        except OSError as error:
            raise ServiceError(
                f"the withdrawal could not be written: {error.strerror}",
                file=str(self.path),
                hint="nothing was changed: give the disk space, or leave to write, and do it again",
            ) from error

    def _stop(self, line: str, number: int) -> Revocation:
        try:
            return stop_from_mapping(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigError(
                "this line is damaged, and a withdrawal may be lost with it",
                file=str(self.path),
                line=number,
                hint="take the line from a backup; until then no story is used",
            ) from error


def stop_as_mapping(stop: Revocation) -> dict[str, Any]:
    """The stop in plain values, for JSON; what it does not take back is left out."""
    mapping: dict[str, Any] = {
        "record": stop.record_id,
        "story": stop.story_id,
        "on": stop.on.isoformat(),
        "withdrawn": stop.withdrawn,
        "channels": sorted(stop.channels),
        "languages": sorted(stop.languages),
        "picture": stop.picture,
        "name": stop.name,
        "until": stop.until.isoformat() if stop.until else "",
        "fingerprints": [sorted(one) for one in stop.fingerprints],
        "text": stop.text_hash,
    }
    return {key: value for key, value in mapping.items() if value}


def stop_from_mapping(row: dict[str, Any]) -> Revocation:
    """What `stop_as_mapping` wrote. KeyError, ValueError or TypeError when it is something else."""
    return Revocation(
        record_id=row["record"],
        story_id=row.get("story", ""),
        on=date.fromisoformat(row["on"]),
        withdrawn=row.get("withdrawn", False),
        channels=frozenset(Channel(one) for one in row.get("channels", ())),
        languages=frozenset(row.get("languages", ())),
        picture=row.get("picture", False),
        name=row.get("name", False),
        until=date.fromisoformat(row["until"]) if row.get("until") else None,
        fingerprints=tuple(frozenset(one) for one in row.get("fingerprints", ())),
        text_hash=row.get("text", ""),
    )
