"""[I/O] Runs jobs on PostgreSQL: one process of several. While nothing waits it asks the table, and
the engine, its loop and its connections are neither loaded nor open: see docs/decisions/0906."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from newsletter.errors import NewsletterError, StoreError
from newsletter.jobs.clock import Clock
from newsletter.jobs.intervals import Pace
from newsletter.jobs.job import Job
from newsletter.jobs.opened import OpenedWorkspace
from newsletter.jobs.registry import JOBS
from newsletter.jobs.rest import Rest
from newsletter.model.job import JobRun, Task
from newsletter.sending.stop_signal import StopSignal

_log = logging.getLogger(__name__)
_STEP = 1.0  # seconds


def wake(connection: Any, runs: Sequence[JobRun]) -> None:
    """Give runs to the engine, within the transaction of the driver's open connection."""
    if runs:
        from newsletter.jobs.engine import Carrier

        Carrier(JOBS)(connection, runs)


class SharedRunner:
    """Takes on the `jobs`, be they all or some."""

    def __init__(
        self,
        opened: OpenedWorkspace,
        jobs: Mapping[str, Job],
        clock: Clock,
        pace: Pace,
        stop: StopSignal,
        rest: Rest,
    ) -> None:
        self._opened = opened
        self._jobs = jobs
        self._clock = clock
        self._pace = pace
        self._stop = stop
        self._rest = rest

    def run(self, *, is_known: bool = False) -> bool:
        """Run what is due until it is to stop; then what is begun is finished. Return whether to
        begin anew instead, as the rest is over. Else than with a worker that `is_known` already,
        StoreError when the database cannot be used."""
        if not is_known:
            self._clock.begin()
        while not (self._stop.is_asked or self._opened.has_other_database):
            self._clock.step()
            if self._does_anything_wait():
                try:
                    return self._with_engine()
                except NewsletterError as error:  # the row waits, and it is tried again
                    _log.warning("the jobs' engine does not begin yet: %s", error)
            if self._rest.is_over(at_work=0):
                return True
            self._stop.wait(min(self._pace.poll.total_seconds(), _STEP))
        self._clock.end()
        return False

    def _does_anything_wait(self) -> bool:
        workspace = self._opened.now
        try:
            waiting = workspace.job_work.waiting(workspace.now())
        except StoreError:
            return False  # the clock says so
        return any(self._is_ours(run.task) for run in waiting)

    def _is_ours(self, task: Task) -> bool:
        job = self._jobs.get(task.name)
        return job is not None and job.may_run(task.key, self._clock.worker)

    def _with_engine(self) -> bool:
        """Go on with the engine, as `run`. NewsletterError where it cannot begin."""
        from newsletter.jobs.engine import EngineRunner, prepare

        self._rest.disturb()
        opened, jobs, connection = self._opened, self._jobs, prepare(self._opened.now)
        return EngineRunner(
            opened, jobs, self._clock, self._pace, self._stop, connection, self._rest
        ).run()
