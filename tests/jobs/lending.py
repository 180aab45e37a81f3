"""A worker that does nothing but lend hands to sends: `python -m tests.jobs.lending FOLDER`.

It says that it is at work, looks four times a second for what is due, runs it as the runners do,
one share at a time, and writes down how that ended. SIGTERM drains it. As `newsletter work` does in
minutes.
"""

import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from newsletter.errors import NewsletterError, ServiceError
from newsletter.jobs.job import JobContext
from newsletter.jobs.registry import JOBS
from newsletter.model.job import RunOutcome
from newsletter.sending.stop_signal import StopSignal
from newsletter.store.inserts import insert_new
from newsletter.store.job_runs import job_runs, workers
from newsletter.store.processes import is_gone, this_process
from newsletter.wiring import Workspace


class Worker:
    """One process; `id` is its own."""

    def __init__(self, workspace: Workspace) -> None:
        self._process = this_process()
        self.id = f"{self._process.pid} {self._process.started}"
        self.stop = StopSignal()
        self._workspace = workspace
        now = workspace.now()
        with workspace.engine.begin() as connection:
            row = {"id": self.id, "machine": "here", "started_at": now, "seen_at": now}
            connection.execute(insert(workers), row)

    def work(self) -> None:
        """Do so until it is asked to stop."""
        while not self.stop.is_asked:
            with suppress(ServiceError):  # the database is away
                if not self._run_one():
                    self.stop.wait(0.25)
        with self._workspace.engine.begin() as connection:
            connection.execute(delete(workers).where(workers.c.id == self.id))

    def _run_one(self) -> bool:
        workspace = self._workspace
        assert JOBS["send"].due is not None
        now = workspace.now()
        with workspace.engine.begin() as connection:
            seen = update(workers).where(workers.c.id == self.id).values(seen_at=now)
            connection.execute(seen)
        self._free()
        for key in JOBS["send"].due(workspace, now):
            run_id = self._taken(key)
            if run_id is None:
                continue
            failed = ""
            try:
                context = JobContext(workspace=workspace, key=key, worker=self.id, stop=self.stop)
                JOBS["send"].run(context)
            except ServiceError as error:
                sys.stderr.write(f"{key}: {error}\n")  # it is due again
            except NewsletterError as error:
                failed = f"{error}"
            self._ended(run_id, failed)
            return True
        return False

    def _free(self) -> None:
        """End the runs of workers that died; the runners wait a while for those."""
        is_open = job_runs.c.ended_at.is_(None)
        with self._workspace.engine.begin() as connection:
            rows = connection.execute(select(job_runs.c.id, job_runs.c.worker).where(is_open)).all()
        for run_id, worker in rows:
            pid, _, began = worker.partition(" ")
            if is_gone(replace(self._process, pid=int(pid), started=began)):
                self._ended(run_id, "")

    def _taken(self, key: str) -> int | None:
        """Make the row of a run, unless there is an open one."""
        now = self._workspace.now()
        row = {
            "name": "send",
            "key": key,
            "due_at": now,
            "attempt": 1,
            "worker": self.id,
        }
        row |= {"machine": "here", "started_at": now, "error": ""}
        with self._workspace.engine.begin() as connection:
            new = insert_new(connection, job_runs).values(row).returning(job_runs.c.id)
            taken: int | None = connection.execute(new).scalar()
        return taken

    def _ended(self, run_id: int, failed: str) -> None:
        outcome = RunOutcome.FAILED if failed else RunOutcome.DONE
        values = {"ended_at": self._workspace.now(), "outcome": outcome.value, "error": failed}
        for _ in range(100):
            with suppress(ServiceError), self._workspace.engine.begin() as connection:
                connection.execute(update(job_runs).where(job_runs.c.id == run_id).values(values))
                return
            self.stop.wait(0.1)


def main() -> None:
    """Work in that folder."""
    worker = Worker(Workspace.open(Path(sys.argv[1]), os.environ))
    signal.signal(signal.SIGTERM, lambda *_: worker.stop.ask())
    worker.work()


if __name__ == "__main__":
    main()
