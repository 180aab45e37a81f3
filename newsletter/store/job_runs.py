"""What runs by itself: what is due or was run, when each job is due next, and who is at work."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    func,
    select,
    update,
)

from newsletter.model.job import JobRun, QueueLength, RunOutcome, Schedule, Task, WorkerSeen
from newsletter.store.database import UtcDateTime, metadata, read_only
from newsletter.store.inserts import insert_for, insert_new

job_runs = Table(
    "job_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("key", String(300), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("worker", String(32), nullable=False),
    Column("machine", String(300), nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime, index=True),
    Column("outcome", String(20)),
    Column("error", Text, nullable=False),
    Column("next_try_at", UtcDateTime),
    sqlite_autoincrement=True,  # people name a run by its number
)
IS_OPEN = job_runs.c.ended_at.is_(None)
# Never two of a task that have not ended.
Index(
    "uq_job_runs_open",
    job_runs.c.name,
    job_runs.c.key,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
schedules = Table(
    "schedules",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("last_due_at", UtcDateTime),
    Column("last_ok_at", UtcDateTime),
    Column("paused_by", String(200), nullable=False),
)
workers = Table(
    "workers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("machine", String(300), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("only", Text, nullable=False, server_default=""),
)
NEW: dict[str, Any] = {"attempt": 0, "worker": "", "machine": "", "error": ""}
WAITS: dict[str, Any] = {"worker": "", "machine": "", "started_at": None}


class SqlJobs:
    """What people and other commands ask of it, and what they change. The same on SQLite and
    PostgreSQL; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def workers(self, *, since: datetime) -> tuple[WorkerSeen, ...]:
        """Return the workers that said since then that they are at work."""
        query = select(workers).where(workers.c.seen_at >= since).order_by(workers.c.started_at)
        with read_only(self._engine) as connection:
            return tuple(WorkerSeen(**row._asdict()) for row in connection.execute(query))

    def has_worker(self, job: str, *, since: datetime) -> bool:
        """Return whether a worker that was seen since then takes that job on; while the job is
        paused, whether one is at it."""
        schedule = self.schedules().get(job)
        if schedule is not None and schedule.paused_by:
            return any(one.name == job and one.at_work for one in self.lengths())
        return any(worker.takes(job) for worker in self.workers(since=since))

    def schedules(self) -> dict[str, Schedule]:
        """Return what is known of each job that was ever due or paused, by its name."""
        with read_only(self._engine) as connection:
            rows = connection.execute(select(schedules)).all()
        return {row.name: Schedule(**row._asdict()) for row in rows}

    def open(self) -> tuple[JobRun, ...]:
        """Return what waits or is at work, the oldest first."""
        return self._runs(select(job_runs).where(IS_OPEN).order_by(job_runs.c.due_at))

    def failed(self, *, since: datetime | None = None) -> tuple[JobRun, ...]:
        """Return what failed and was not done, tried again or cancelled since, the newest last."""
        with read_only(self._engine) as connection:
            return failed_last(connection, since)

    def last_done(self) -> dict[Task, datetime]:
        """Return when each task last went well, as far back as runs are kept."""
        task = (job_runs.c.name, job_runs.c.key)
        is_done = job_runs.c.outcome == RunOutcome.DONE.value
        query = select(*task, func.max(job_runs.c.ended_at)).where(is_done).group_by(*task)
        with read_only(self._engine) as connection:
            return {Task(name=name, key=key): at for name, key, at in connection.execute(query)}

    def find(self, run_id: int) -> JobRun | None:
        """Return the run of that number."""
        runs = self._runs(select(job_runs).where(job_runs.c.id == run_id))
        return runs[0] if runs else None

    def latest(self, count: int) -> tuple[JobRun, ...]:
        """Return the runs that ended last, the newest first."""
        ended = select(job_runs).where(job_runs.c.ended_at.is_not(None))
        return self._runs(ended.order_by(job_runs.c.ended_at.desc()).limit(count))

    def lengths(self) -> tuple[QueueLength, ...]:
        """Count what is open, by job."""
        at_work = func.sum(func.sign(func.length(job_runs.c.worker)))
        query = select(job_runs.c.name, func.count(), at_work).where(IS_OPEN)
        with read_only(self._engine) as connection:
            rows = connection.execute(query.group_by(job_runs.c.name)).all()
        return tuple(
            QueueLength(name=name, waiting=count - int(busy), at_work=int(busy))
            for name, count, busy in rows
        )

    def retry(self, run: JobRun, *, now: datetime, key: str | None = None) -> int | None:
        """Have a run tried at once: one that waits, or one that ended, as a new one, which may have
        another key. Return the number of what waits now; None when somebody is at work on it
        already."""
        is_waiting = (job_runs.c.id == run.id) & IS_OPEN & (job_runs.c.worker == "")
        key = run.task.key if key is None else key
        task = {"name": run.task.name, "key": key}
        with self._engine.begin() as connection:
            if run.ended_at is None:
                values = {"next_try_at": None, "attempt": 0}
                count = connection.execute(update(job_runs).where(is_waiting).values(values))
                return run.id if count.rowcount else None
            connection.execute(insert_new(connection, job_runs), [{**task, **NEW, "due_at": now}])
            row = connection.execute(
                select(job_runs.c.id, job_runs.c.worker).where(
                    IS_OPEN, job_runs.c.name == run.task.name, job_runs.c.key == key
                )
            ).one()
            if row.worker:
                return None
            if key != run.task.key:  # it will not be done under its own
                is_it = (job_runs.c.id == run.id) & job_runs.c.ended_at.is_not(None)
                given_up = {"outcome": RunOutcome.CANCELLED.value}
                connection.execute(update(job_runs).where(is_it).values(given_up))
        return int(row.id)

    def cancel(self, run: JobRun, *, now: datetime) -> bool:
        """Give up a run that waits or failed; False when it is at work or ended otherwise."""
        failed = job_runs.c.outcome == RunOutcome.FAILED.value
        can_be = (job_runs.c.id == run.id) & ((IS_OPEN & (job_runs.c.worker == "")) | failed)
        values = {"ended_at": now, "outcome": RunOutcome.CANCELLED.value}
        with self._engine.begin() as connection:
            return connection.execute(update(job_runs).where(can_be).values(values)).rowcount == 1

    def pause(self, name: str, by: str) -> None:
        """Leave a job out until it is resumed, which is done with an empty `by`."""
        insert = insert_for(self._engine.dialect.name, schedules)
        new = insert.values(name=name, paused_by=by)
        with self._engine.begin() as connection:
            connection.execute(
                new.on_conflict_do_update(index_elements=["name"], set_={"paused_by": by})
            )

    def _runs(self, query: Select[Any]) -> tuple[JobRun, ...]:
        with read_only(self._engine) as connection:
            return tuple(map(run_of, connection.execute(query)))


def failed_last(connection: Connection, since: datetime | None) -> tuple[JobRun, ...]:
    """Return the tasks whose last run failed, of those that ended since then."""
    ended = select(func.max(job_runs.c.id)).where(job_runs.c.ended_at.is_not(None))
    if since is not None:
        ended = ended.where(job_runs.c.ended_at >= since)
    last = ended.group_by(job_runs.c.name, job_runs.c.key)
    is_failed = job_runs.c.outcome == RunOutcome.FAILED.value
    query = select(job_runs).where(job_runs.c.id.in_(last), is_failed).order_by(job_runs.c.id)
    failed = tuple(map(run_of, connection.execute(query)))
    if not failed:
        return ()
    tasks = select(job_runs.c.name, job_runs.c.key).where(IS_OPEN)
    again = {tuple(row) for row in connection.execute(tasks)}
    return tuple(run for run in failed if (run.task.name, run.task.key) not in again)


def run_of(row: Any) -> JobRun:
    """Return a row as a run."""
    values = row._asdict()
    task = Task(name=values.pop("name"), key=values.pop("key"))
    outcome = values.pop("outcome")
    return JobRun(task=task, outcome=outcome and RunOutcome(outcome), **values)
