"""What a job is: a name, what it does, where it waits, what is due of it, and how it runs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from newsletter.config.settings import Config, WeekSettings
from newsletter.model.job import Queue, WorkerSeen
from newsletter.model.rhythm import Rhythm
from newsletter.sending.stop_signal import StopSignal
from newsletter.wiring import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class JobContext:
    """What a run of a job works with. `worker` names the worker that runs it; `stop` is asked when
    that is to end: what was begun is finished or given back, and nothing new begun."""

    workspace: Workspace
    key: str
    worker: str
    stop: StopSignal


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Either it has a `rhythm`, or each minute `due` returns the keys that are due, from tables: a
    run that was lost is due again a minute later. With both, `due` is asked when the rhythm says;
    each minute too where `rhythm` returns None.
    No two with the same `lock` run at once; an empty one holds nobody off.

    What failed for good is not found due again for a while, unless `due` has a rule of its own for
    that, and `knows_failures`.

    What is `for_worker` of a mark is run by that worker and by no other; an empty one is anybody.
    Where a person has it tried again, its key is what it is `retried_as`.

    `run` raises ServiceError for what is tried again later, any other NewsletterError for what is
    not.
    """

    name: str
    queue: Queue
    does: str
    run: Callable[[JobContext], None]
    lock: Callable[[str], str] = lambda key: ""
    due: Callable[[Workspace, datetime], Iterable[str]] | None = None
    rhythm: Callable[[WeekSettings], Rhythm | None] = lambda week: None
    knows_failures: bool = False
    for_worker: Callable[[str], str] = lambda key: ""
    retried_as: Callable[[str], str] = lambda key: key
    is_used: Callable[[Config], bool] = lambda config: True  # by the settings

    def may_run(self, key: str, worker: WorkerSeen) -> bool:
        """Return whether that worker may: some keys are for one alone."""
        return self.for_worker(key) in ("", worker.mark)
