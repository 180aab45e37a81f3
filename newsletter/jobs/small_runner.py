"""[I/O] Runs jobs without a server: one worker a workspace, in one process."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from newsletter.errors import StoreError
from newsletter.jobs.clock import Clock
from newsletter.jobs.intervals import Pace
from newsletter.jobs.job import Job
from newsletter.jobs.opened import OpenedWorkspace
from newsletter.jobs.rest import Rest, never
from newsletter.jobs.run import run_one
from newsletter.model.job import JobRun, Queue
from newsletter.sending.stop_signal import StopSignal

URGENT = frozenset({Queue.CLOCK, Queue.SAFETY, Queue.SEND})
URGENT_AT_ONCE, REST_AT_ONCE = 3, 4  # two sends hold up nothing that keeps people safe
_ORDER = {queue: place for place, queue in enumerate(Queue)}


class SmallRunner:
    """Takes on the `jobs`, be they all or some. Who calls `run` holds the worker's lock."""

    def __init__(
        self,
        opened: OpenedWorkspace,
        jobs: Mapping[str, Job],
        clock: Clock,
        pace: Pace,
        stop: StopSignal,
        rest: Rest | None = None,
    ) -> None:
        self._opened = opened
        self._jobs = jobs
        self._clock = clock
        self._pace = pace
        self._stop = stop
        self._rest = rest or never()
        self._at_work: dict[int, Job] = {}
        self._locks: set[str] = set()
        self._changed = threading.Event()  # never set by a signal handler

    def run(self, *, once: bool = False, is_known: bool = False) -> bool:
        """Run what is due until it is to stop, or once until nothing waits; then what is begun is
        finished. Return whether to begin anew instead, as the rest is over. Else
        than with a worker that `is_known` already, StoreError when the database cannot be used."""
        if not is_known:
            self._clock.begin()
        if once:
            self._clock.tick()
        with ThreadPoolExecutor(URGENT_AT_ONCE + REST_AT_ONCE, thread_name_prefix="job") as pool:
            while not self._stop.is_asked:
                if not once:
                    self._clock.step()
                begun = self._begin(pool)
                if once and not begun and not self._at_work:
                    break
                if self._opened.has_other_database:
                    break
                if self._rest.is_over(at_work=len(self._at_work)):
                    return True
                self._wait()
            while self._at_work:
                self._clock.step_while_ending()
                self._wait()
        self._clock.end()
        return False

    def _wait(self) -> None:
        """Until a run ended, or a moment after it is to stop, or for a while."""
        self._changed.wait(min(self._pace.poll.total_seconds(), 1.0))
        self._changed.clear()

    def _begin(self, pool: ThreadPoolExecutor) -> int:
        """Begin what can be; return how many."""
        workspace = self._opened.now
        try:
            waiting = workspace.job_work.waiting(workspace.now())
        except StoreError:
            return 0  # the clock says so
        begun = 0
        for run in sorted(waiting, key=lambda run: (self._place(run), run.due_at)):
            job = self._jobs.get(run.task.name)
            if job is None or run.id in self._at_work or not self._has_room(job):
                continue
            if not job.may_run(run.task.key, self._clock.worker):
                continue
            lock = job.lock(run.task.key)
            if lock in self._locks:
                continue
            if lock:
                self._locks.add(lock)
            self._at_work[run.id] = job
            self._rest.disturb()
            done = pool.submit(
                run_one,
                run.id,
                workspace,
                self._jobs,
                self._clock.worker,
                self._stop,
                self._pace.pauses,
            )
            done.add_done_callback(partial(self._ended, run, lock))
            begun += 1
        return begun

    def _has_room(self, job: Job) -> bool:
        is_urgent = job.queue in URGENT
        beside = sum((other.queue in URGENT) is is_urgent for other in list(self._at_work.values()))
        return beside < (URGENT_AT_ONCE if is_urgent else REST_AT_ONCE)

    def _place(self, run: JobRun) -> int:
        job = self._jobs.get(run.task.name)
        return len(_ORDER) if job is None else _ORDER[job.queue]

    def _ended(self, run: JobRun, lock: str, _: object) -> None:
        self._locks.discard(lock)
        self._rest.disturb()
        self._at_work.pop(run.id, None)
        self._changed.set()
