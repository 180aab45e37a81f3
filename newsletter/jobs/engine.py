"""[I/O] Runs jobs on PostgreSQL, through Procrastinate, which nothing else imports.

It wakes up a worker somewhere, keeps two jobs of a lock apart and says at once what is new. What it
has in its tables decides nothing: see docs/decisions/0903.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as EngineJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager, NotificationCallback
from procrastinate.schema import SchemaManager

from newsletter.errors import ServiceError
from newsletter.jobs.clock import Clock
from newsletter.jobs.intervals import Pace
from newsletter.jobs.job import Job
from newsletter.jobs.opened import OpenedWorkspace
from newsletter.jobs.rest import Rest, never
from newsletter.jobs.run import run_one
from newsletter.jobs.small_runner import REST_AT_ONCE, URGENT, URGENT_AT_ONCE
from newsletter.model.job import JobRun
from newsletter.sending.stop_signal import StopSignal
from newsletter.wiring import Workspace

_log = logging.getLogger(__name__)
TASK = "run"
_STEP = 0.2  # seconds until it notices that it is to stop
_WELL = 60.0  # seconds after which a worker that ended had begun well
_LONGEST_PAUSE = 30.0
_NEVER = 24 * 3600.0


def prepare(workspace: Workspace) -> dict[str, str]:
    """Bring the engine's tables up to date; return how to connect. StoreError."""
    folder = Path(SchemaManager.get_migrations_path())
    scripts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.sql"))}
    return workspace.prepare_job_engine(SchemaManager.get_schema(), scripts)


class Carrier:
    """Gives runs to the engine, within a transaction of ours."""

    def __init__(self, jobs: Mapping[str, Job]) -> None:
        self._jobs = jobs
        self._app = App(connector=SyncPsycopgConnector())  # has no connection of its own

    def __call__(self, connection: Any, runs: Sequence[JobRun]) -> None:
        """Defer the runs, through the driver's open connection."""
        known = [run for run in runs if run.task.name in self._jobs]
        if known:
            jobs = [self._engine_job(run) for run in known]
            self._app.job_manager.batch_defer_jobs(jobs, connection=connection)

    def _engine_job(self, run: JobRun) -> EngineJob:
        job = self._jobs[run.task.name]
        mark = job.for_worker(run.task.key)
        return EngineJob(
            id=None,
            queue=f"{job.name}:{mark}" if mark else job.name,
            priority=0,
            lock=job.lock(run.task.key) or None,
            queueing_lock=f"run:{run.id}",
            task_name=TASK,
            task_kwargs={"run_id": run.id},
        )


class _PatientManager(JobManager):
    """Bears a database that is away: else the engine's worker ends, and begins nothing else until
    all that it had begun is over."""

    _is_away = False

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> EngineJob | None:
        try:
            job = await super().fetch_job(queues, worker_id)
        except ConnectorException as error:
            if not self._is_away:
                _log.warning("the engine gets no work: %s", type(error.__cause__).__name__)
            self._is_away = True
            return None  # it is asked again soon
        self._is_away = False
        return job

    async def update_heartbeat(self, worker_id: int) -> None:
        with suppress(ConnectorException):
            await super().update_heartbeat(worker_id)

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        while True:
            with suppress(ConnectorException):
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            await asyncio.sleep(1)


class EngineRunner:
    """One process of several that share the work; it takes on the `jobs`, be they all or some."""

    def __init__(
        self,
        opened: OpenedWorkspace,
        jobs: Mapping[str, Job],
        clock: Clock,
        pace: Pace,
        stop: StopSignal,
        connection: Mapping[str, str],
        rest: Rest | None = None,
    ) -> None:
        self._opened = opened
        self._jobs = jobs
        self._clock = clock
        self._pace = pace
        self._stop = stop
        self._rest = rest or never()
        self._at_work = 0
        self._is_ending = False
        self._counting = threading.Lock()
        self._suspect: frozenset[int] = frozenset()  # engine's jobs in nobody's hands
        options = {name: value for name, value in connection.items() if name != "conninfo"}
        self._app = App(
            connector=PsycopgConnector(
                conninfo=connection["conninfo"], kwargs=options, min_size=1, max_size=2, timeout=10
            )
        )
        self._app.job_manager = _PatientManager(self._app.connector)
        self._app.task(name=TASK)(self._run_one)

    def run(self) -> bool:
        """Run what is due until it is to stop, or the rest is over, which is returned; then what is
        begun is finished. ServiceError."""
        for name in ("procrastinate", "psycopg.pool", "asyncio"):  # we say what there is to say
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._clock.begin()
        is_over = asyncio.run(self._run())
        if not is_over:
            self._clock.end()
        return is_over

    def _run_one(self, run_id: int) -> None:
        if self._stop.is_asked:
            return  # its row waits for the next worker
        with self._counting:
            self._at_work += 1
        self._rest.disturb()
        try:
            worker, pauses = self._clock.worker, self._pace.pauses
            run_one(run_id, self._opened.now, self._jobs, worker, self._stop, pauses)
        finally:
            self._rest.disturb()
            with self._counting:
                self._at_work -= 1

    async def _run(self) -> bool:
        ended = threading.Event()
        beside = threading.Thread(target=self._keep_time, args=(ended,), name="clock")
        beside.start()
        pool = ThreadPoolExecutor(URGENT_AT_ONCE + REST_AT_ONCE + 2, thread_name_prefix="job")
        asyncio.get_running_loop().set_default_executor(pool)
        urgent = sorted(job.name for job in self._jobs.values() if job.queue in URGENT)
        urgent += [f"{name}:{self._clock.worker.mark}" for name in urgent]
        rest = sorted(job.name for job in self._jobs.values() if job.queue not in URGENT)
        try:
            await self._open()
            tasks = [
                asyncio.create_task(self._work(urgent, URGENT_AT_ONCE, listens=True)),
                asyncio.create_task(self._work(rest, REST_AT_ONCE, listens=False)),
                asyncio.create_task(self._free_locks()),
            ]
            while not (self._is_to_end() or self._rest.is_over(at_work=self._at_work)):
                await asyncio.sleep(_STEP)
            self._is_ending = True
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._app.close_async()
            return not (self._stop.is_asked or self._opened.has_other_database)
        finally:
            ended.set()
            beside.join()
            pool.shutdown()

    def _is_to_end(self) -> bool:
        return self._is_ending or self._stop.is_asked or self._opened.has_other_database

    async def _open(self) -> None:
        try:
            await self._app.open_async()
        except Exception as error:  # the pool's, the driver's or the engine's own
            raise ServiceError(
                f"the jobs' engine does not reach the database: {type(error).__name__}",
                hint="newsletter doctor says more",
            ) from error

    async def _work(self, names: Sequence[str], at_once: int, *, listens: bool) -> None:
        """Keep a worker of the engine for these jobs: it ends when the database is away."""
        pause = 1.0
        while names and not self._is_to_end():  # it may end by an error when it is cancelled
            begun = time.monotonic()
            try:
                await self._app.run_worker_async(
                    queues=names,  # of each job, so that a machine can leave some out
                    concurrency=at_once,
                    listen_notify=listens,
                    fetch_job_polling_interval=self._pace.fetch.total_seconds(),
                    install_signal_handlers=False,
                    delete_jobs="always",
                    abort_job_polling_interval=_NEVER,
                    stalled_worker_timeout=_NEVER,  # who is forgotten could fetch nothing any more
                )
            except Exception as error:
                _log.warning(
                    "the engine's worker ended (%s), and begins again", type(error).__name__
                )
            else:
                _log.warning("the engine's worker ended, and begins again")
            if time.monotonic() - begun > _WELL:
                pause = 1.0
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _free_locks(self) -> None:
        """End those jobs of the engine that hold a lock though nobody is at work on their run: seen
        so twice, for between taking the one and the other a moment passes."""
        manager = self._app.job_manager
        while True:
            await asyncio.sleep(self._pace.rescue.total_seconds())
            try:
                doing = await manager.list_jobs_async(status=Status.DOING.value)
                runs = {job.id: int(str(job.task_kwargs["run_id"])) for job in doing if job.id}
                work = self._opened.now.job_work
                idle = await asyncio.to_thread(work.nobodys, frozenset(runs.values()))
                suspect = frozenset(id_ for id_, run in runs.items() if run in idle)
                for id_ in suspect & self._suspect:
                    await manager.finish_job_by_id_async(id_, Status.FAILED, delete_job=True)
                self._suspect = suspect - self._suspect
            except Exception as error:
                _log.warning("could not look for locks that nobody holds: %s", type(error).__name__)

    def _keep_time(self, ended: threading.Event) -> None:
        """The clock, in a thread of its own: the database may be slow, and the loop must not be."""
        is_idle = False
        while not ended.wait(_STEP if self._stop.is_asked else 1.0):
            if self._stop.is_asked:
                self._clock.step_while_ending()
                continue
            self._clock.step()
            was_idle, is_idle = is_idle, self._at_work == 0
            if is_idle and not was_idle:
                self._opened.now.engine.dispose()  # no connection is held open for nothing
