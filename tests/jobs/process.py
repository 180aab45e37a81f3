"""A worker as `newsletter work` makes it, whose one job notes what it does; its times are short.

python -m tests.jobs.process ROOT SECONDS STALLED: what stands in ROOT/due.txt is due until the log
says that it is done. A key `a.1` is held by the lock `a`. With `pull` for the seconds that a run
takes, the job is the real `pull`, due each time that one looks.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.cli.work import end_when_asked
from newsletter.jobs.clock import Clock, new_worker
from newsletter.jobs.intervals import Pace
from newsletter.jobs.job import Job, JobContext
from newsletter.jobs.opened import OpenedWorkspace
from newsletter.jobs.registry import JOBS
from newsletter.jobs.small_runner import SmallRunner
from newsletter.model.job import Queue
from newsletter.pulling import held_hosts
from newsletter.sending.stop_signal import StopSignal
from newsletter.web.event_log import write_log
from newsletter.wiring import Workspace

PACE = Pace(
    tick=timedelta(seconds=1),
    beat=timedelta(seconds=0.2),
    rescue=timedelta(seconds=0.3),
    stalled=timedelta(seconds=2),
    poll=timedelta(seconds=0.1),
    fetch=timedelta(seconds=0.1),
    pauses=(timedelta(seconds=0.5),) * 9,
)
DUE, LOG = "due.txt", "done.txt"


def note(root: Path, *words: object) -> None:
    line = " ".join(map(str, (*words, os.getpid(), time.time())))
    with (root / LOG).open("a") as log:
        log.write(line + "\n")


def noted(root: Path, word: str) -> Counter[str]:
    """How often that was noted, by key."""
    path = root / LOG
    lines = path.read_text().splitlines() if path.exists() else []
    return Counter(line.split()[1] for line in lines if line.split()[0] == word)


def due(workspace: Workspace, now: datetime) -> Iterable[str]:
    done = noted(workspace.root, "end")
    return [key for key in (workspace.root / DUE).read_text().split() if key not in done]


def noting(root: Path, seconds: float) -> Job:
    def run(context: JobContext) -> None:
        note(root, "begin", context.key, context.worker)
        time.sleep(seconds)
        note(root, "end", context.key, context.worker)

    return Job(
        name="note",
        queue=Queue.PULL,
        does="notes",
        run=run,
        lock=lambda key: key.partition(".")[0],
        due=due,
    )


def main() -> None:
    root = Path(sys.argv[1])
    stalled = timedelta(seconds=float(sys.argv[3]))
    pace = replace(PACE, stalled=stalled)
    held_hosts.LENGTH, held_hosts.EVERY = stalled, stalled / 4
    is_pull = sys.argv[2] == "pull"
    job = JOBS["pull"] if is_pull else noting(root, float(sys.argv[2]))
    jobs, stop = {job.name: job}, StopSignal()
    write_log("info")
    workspace = Workspace.open(root, os.environ)
    opened = OpenedWorkspace(workspace, lambda: Workspace.open(root, os.environ))
    worker = new_worker(workspace.now())
    end_when_asked(stop)
    if not workspace.has_server:
        clock = Clock(opened, jobs, worker, pace, is_alone=True)
        SmallRunner(opened, jobs, clock, pace, stop).run()
        return
    from newsletter.jobs.engine import Carrier, EngineRunner, prepare

    connection = prepare(workspace)
    clock = Clock(opened, jobs, worker, pace, is_alone=False, wake=Carrier(jobs))
    EngineRunner(opened, jobs, clock, pace, stop, connection).run()


if __name__ == "__main__":
    main()
