"""[I/O] One run of a job: taken, run and ended, and what a fault means for it."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError, SchemaError, ServiceError, StoreError
from newsletter.jobs.intervals import PAUSES
from newsletter.jobs.job import Job, JobContext
from newsletter.model.job import JobRun, RunOutcome, WorkerSeen
from newsletter.sending.lease import LeaseLostError
from newsletter.sending.message.redact_addresses import storable, without_addresses
from newsletter.sending.stop_signal import StopSignal
from newsletter.wiring import Workspace

_log = logging.getLogger(__name__)
_PATIENCE = 60.0  # seconds that a worker that is to end waits for a database that is away
_MOST_WORDS = 1000


def run_one(
    run_id: int,
    workspace: Workspace,
    jobs: Mapping[str, Job],
    worker: WorkerSeen,
    stop: StopSignal,
    pauses: tuple[timedelta, ...] = PAUSES,
) -> None:
    """Take the run, do it and note how it ended; nothing where somebody else has it. Never raises:
    what was not foreseen is logged by its place, and noted by its kind alone."""
    try:
        run = workspace.job_work.take(run_id, worker, now=workspace.now())
    except StoreError as error:
        _log.warning("run %d is not begun: %s", run_id, error.message)
        return
    if run is None:
        return
    what = f"run {run.id}, {run.task.name} {run.task.key}".rstrip()
    _log.info("%s: begins, try %d", what, run.attempt)
    begun = time.monotonic()
    fault = _fault(run, workspace, jobs, worker, stop)
    if fault is None or isinstance(fault, LeaseLostError):
        settle = _ending(workspace, run, RunOutcome.DONE, "")
        level, words = logging.INFO, f"done in {time.monotonic() - begun:.1f} s"
        if fault is not None:  # nothing is left of it to do here
            level, words = logging.WARNING, fault.message
    elif _helps_later(fault) and run.attempt <= len(pauses):
        reason, at = _reason(fault), workspace.now() + pauses[run.attempt - 1]
        settle = _again(workspace, run, reason, at)
        level, words = logging.WARNING, f"is tried again at {at:%H:%M} UTC: {reason}"
    else:
        reason = _reason(fault)
        settle = _ending(workspace, run, RunOutcome.FAILED, reason)
        level, words = logging.ERROR, f"failed: {reason}"
    is_ours = _insisting(settle, what, stop)
    if is_ours:
        unforeseen = None if isinstance(fault, NewsletterError) else fault
        _log.log(level, "%s: %s", what, words, exc_info=unforeseen)
    elif is_ours is not None:
        _log.warning("%s: another worker has it by now, and notes how it ends", what)


def _fault(
    run: JobRun,
    workspace: Workspace,
    jobs: Mapping[str, Job],
    worker: WorkerSeen,
    stop: StopSignal,
) -> BaseException | None:
    job = jobs.get(run.task.name)
    if job is None:
        return ServiceError("this version of the program has no such job")
    try:
        context = JobContext(
            workspace=workspace.opened_again(), key=run.task.key, worker=worker.id, stop=stop
        )
        job.run(context)
    except BaseException as error:  # SystemExit too: it must not leave the run in our hands
        return error
    return None


def _helps_later(error: BaseException) -> bool:
    return isinstance(error, ServiceError) and not isinstance(error, SchemaError)


def _reason(error: BaseException) -> str:
    """What is told of it, which names nobody."""
    if not isinstance(error, NewsletterError):
        return f"the program has a fault: {type(error).__name__}"
    words = f"{error} ({error.hint})" if error.hint else str(error)
    return without_addresses(storable(words))[:_MOST_WORDS]


def _ending(
    workspace: Workspace, run: JobRun, outcome: RunOutcome, error: str
) -> Callable[[], bool]:
    return lambda: workspace.job_work.end(run, outcome, error=error, now=workspace.now())


def _again(workspace: Workspace, run: JobRun, error: str, at: datetime) -> Callable[[], bool]:
    return lambda: workspace.job_work.again(run, error=error, at=at)


def _insisting(settle: Callable[[], bool], what: str, stop: StopSignal) -> bool | None:
    """Note how it ended, however long the database is away; None where that was given up, as this
    worker is to end: the run waits again once it is not seen any more."""
    pause, ends = 1.0, 0.0
    while True:
        try:
            return settle()
        except StoreError as error:
            _log.warning("%s: how it ended is not noted yet: %s", what, error.message)
        if stop.is_asked:
            ends = ends or time.monotonic() + _PATIENCE
            if time.monotonic() > ends:
                return None
            time.sleep(1)
        else:
            stop.wait(pause)
            pause = min(pause * 2, 30.0)
