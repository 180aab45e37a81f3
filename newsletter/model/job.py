"""What runs by itself: tasks, how their runs went, and the workers that run them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

TICK = "tick"  # what looks each minute what is due


class Queue(StrEnum):
    """Kinds of work, the most urgent first."""

    CLOCK = "clock"
    SAFETY = "safety"
    SEND = "send"
    INBOX = "inbox"
    PULL = "pull"
    PAGES = "pages"
    TELL = "tell"
    SITE = "site"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One thing to do: the name of a job, and what about. `key` is an id or a host, never an
    address, a name or a text: engines and logs keep it in clear."""

    name: str
    key: str = ""

    def __str__(self) -> str:
        if self.name == TICK:
            return f"{self.key} (what is due of it)"
        return f"{self.name} {self.key}".rstrip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """What of a job is due: a task for each key, since `due_at`.

    Where it is due by a rhythm, `moved_from` is what its schedule's `last_due_at` was, and the
    tasks are there only if nobody else moved that to `due_at` before. `knows_failures` as in a job.
    """

    name: str
    keys: tuple[str, ...] = ("",)
    due_at: datetime
    is_rhythm: bool = False
    moved_from: datetime | None = None
    knows_failures: bool = False


class RunOutcome(StrEnum):
    """How a task ended."""

    DONE = "done"
    FAILED = "failed"  # and is not tried again
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRun:
    """One row of what was to do: it waits, is at work, or ended with an outcome.

    It waits while `worker` is empty, until `next_try_at` where a try failed; `error` tells why the
    last try did, in words that name nobody. `attempt` counts the tries.
    """

    id: int
    task: Task
    due_at: datetime
    attempt: int = 0
    worker: str = ""
    machine: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: RunOutcome | None = None
    error: str = ""
    next_try_at: datetime | None = None


# Has an engine carry runs to a worker, within a transaction: it gets the driver's connection.
Wake = Callable[[Any, Sequence[JobRun]], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """When a job was last due and last went well, and who paused it."""

    name: str
    last_due_at: datetime | None = None
    last_ok_at: datetime | None = None
    paused_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueLength:
    """How many tasks of a job wait, and how many are at work."""

    name: str
    waiting: int
    at_work: int


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerSeen:
    """A worker: a `newsletter work` on one machine. `id` is of its own and never given again;
    `only` names the jobs that it takes on, with spaces between, where those are not all."""

    id: str
    machine: str
    started_at: datetime
    seen_at: datetime
    only: str = ""

    @property
    def mark(self) -> str:
        """Return by what the key of a task names it that no other worker is to run."""
        return self.id[:8]

    def takes(self, job: str) -> bool:
        """Return whether it runs that job."""
        return not self.only or job in self.only.split()
