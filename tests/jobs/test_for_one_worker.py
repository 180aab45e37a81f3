"""What is for one worker: no other one takes it, and nothing is left of it when that is gone."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from newsletter.jobs.clock import Clock, new_worker
from newsletter.jobs.engine import Carrier, prepare
from newsletter.jobs.intervals import HELD, Pace
from newsletter.jobs.job import Job, JobContext
from newsletter.jobs.opened import OpenedWorkspace
from newsletter.jobs.small_runner import SmallRunner
from newsletter.model.job import Due, Queue
from newsletter.sending.stop_signal import StopSignal
from newsletter.wiring import Workspace

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)
HERE, ELSEWHERE = (replace(new_worker(NOW), id=letter * 32) for letter in "ab")
KEYS = {"anybody": "x:", "here": f"x:{HERE.mark}", "elsewhere": f"x:{ELSEWHERE.mark}"}


def a_job(run: Callable[[JobContext], None]) -> dict[str, Job]:
    job = Job(
        name="note",
        queue=Queue.SEND,
        does="",
        run=run,
        for_worker=lambda key: key.partition(":")[2],
    )
    return {job.name: job}


def test_on_one_computer_what_is_for_another_worker_waits(workspace: Workspace) -> None:
    ran: list[str] = []
    jobs, stop, opened = (
        a_job(lambda context: ran.append(context.key)),
        StopSignal(),
        _as(workspace),
    )
    clock = Clock(opened, jobs, HERE, Pace(), is_alone=False)
    due = Due(name="note", keys=tuple(KEYS.values()), due_at=NOW)
    workspace.job_work.put([due], now=NOW, held=HELD)
    SmallRunner(opened, jobs, clock, Pace(), stop).run(once=True)
    assert sorted(ran) == sorted([KEYS["anybody"], KEYS["here"]])
    assert [run.task.key for run in workspace.jobs.open()] == [KEYS["elsewhere"]]


def _as(workspace: Workspace) -> OpenedWorkspace:
    return OpenedWorkspace(workspace, lambda: workspace)


def test_the_engine_has_it_in_a_queue_of_that_worker_until_it_is_forgotten(
    on_postgres: Path,
) -> None:
    workspace = Workspace.open(on_postgres, os.environ)
    prepare(workspace)
    carrier = Carrier(a_job(lambda context: None))

    def put(*names: str) -> list[str]:
        keys = tuple(KEYS[name] for name in names)
        due = Due(name="note", keys=keys, due_at=NOW)
        workspace.job_work.put([due], now=NOW, held=HELD, wake=carrier)
        query = text("SELECT queue_name FROM newsletter_engine.procrastinate_jobs ORDER BY 1")
        with workspace.engine.begin() as connection:
            return list(connection.scalars(query))

    both = ["note", f"note:{HERE.mark}"]
    assert put("anybody", "here") == both
    waiting = {key: run for run, key in workspace.send_runs.waiting("note").items()}
    workspace.send_runs.forget("note", [waiting[KEYS["here"]]])
    assert put() == ["note"]
    assert put("here") == both
    workspace.engine.dispose()


def test_a_worker_says_which_jobs_it_takes_on(workspace: Workspace) -> None:
    some, all_ = new_worker(NOW, ["pull", "notices"]), new_worker(NOW)
    assert [worker.takes("send") for worker in (some, all_)] == [False, True]
    assert some.takes("pull")
    workspace.job_work.see(some)
    assert workspace.jobs.workers(since=NOW) == (some,)
