"""What a worker that begins anew in the same process takes along: no table knows it. Pure."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from newsletter.model.job import WorkerSeen


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockKnows:
    """The rhythms by which it looked last, by job, and at which minute."""

    rhythms: dict[str, str]
    ticked: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOn:
    """From process `pid` to itself. `handle` is the worker's lock, held on; `database` is a digest
    of its address, which may hold a password."""

    pid: int
    handle: int
    database: str
    worker: WorkerSeen
    clock: ClockKnows

    def as_text(self) -> str:
        """Return it as a text for the environment."""
        worker, ticked = self.worker, self.clock.ticked
        return json.dumps(
            {
                "pid": self.pid,
                "handle": self.handle,
                "database": self.database,
                "worker": [worker.id, worker.machine, worker.started_at.isoformat(), worker.only],
                "rhythms": self.clock.rhythms,
                "ticked": ticked.isoformat() if ticked else None,
            }
        )

    @classmethod
    def of(cls, text: str) -> Self:
        """Return what such a text says."""
        said = json.loads(text)
        id_, machine, started, only = said["worker"]
        at, ticked = datetime.fromisoformat(started), said["ticked"]
        return cls(
            pid=said["pid"],
            handle=said["handle"],
            database=said["database"],
            worker=WorkerSeen(id=id_, machine=machine, started_at=at, seen_at=at, only=only),
            clock=ClockKnows(
                rhythms=said["rhythms"],
                ticked=datetime.fromisoformat(ticked) if ticked else None,
            ),
        )


def digest_of(database_url: str) -> str:
    """Return what tells one database's address from another's."""
    return hashlib.sha256(database_url.encode()).hexdigest()
