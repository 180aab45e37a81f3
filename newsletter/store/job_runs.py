"""What runs by itself: what is due or was run, when each job is due next, and who is at work."""

from datetime import datetime

from sqlalchemy import Column, Engine, Index, Integer, String, Table, Text, select

from newsletter.model.job import WorkerSeen
from newsletter.store.database import UtcDateTime, metadata, read_only

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
_OPEN = job_runs.c.ended_at.is_(None)
# Never two of a task that have not ended.
Index(
    "uq_job_runs_open",
    job_runs.c.name,
    job_runs.c.key,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
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
)


class SqlJobs:
    """The same on SQLite and PostgreSQL. Each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def workers(self, *, since: datetime) -> tuple[WorkerSeen, ...]:
        """Return the workers that said since then that they are at work."""
        query = select(workers).where(workers.c.seen_at >= since).order_by(workers.c.started_at)
        with read_only(self._engine) as connection:
            return tuple(WorkerSeen(**row._asdict()) for row in connection.execute(query))
