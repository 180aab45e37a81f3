"""What the record of runs tells of the job that lends hands to a send."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, delete, func, select

from newsletter.model.job import RunOutcome
from newsletter.store.database import read_only
from newsletter.store.job_runs import IS_OPEN, job_runs


class SqlSendRuns:
    """The same on SQLite and PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def given_up_at(self, name: str, issue_id: str) -> datetime | None:
        """Return when a run of that job about an issue, whatever its share, last ended with what a
        person has to see to, or by a person; None when none did."""
        query = select(func.max(job_runs.c.ended_at)).where(
            job_runs.c.name == name,
            job_runs.c.key.startswith(f"{issue_id}:", autoescape=True),
            job_runs.c.outcome.in_((RunOutcome.FAILED.value, RunOutcome.CANCELLED.value)),
        )
        with read_only(self._engine) as connection:
            ended: datetime | None = connection.scalar(query)
        return ended

    def workers_at(self, name: str, issue_id: str) -> frozenset[str]:
        """Return which workers have a run of that job about an issue in their hands."""
        is_about = job_runs.c.key.startswith(f"{issue_id}:", autoescape=True)
        query = select(job_runs.c.worker).where(IS_OPEN, job_runs.c.name == name, is_about)
        with read_only(self._engine) as connection:
            return frozenset(connection.scalars(query)) - {""}

    def waiting(self, name: str) -> dict[int, str]:
        """Return what waits of that job, by number: the keys."""
        query = select(job_runs.c.id, job_runs.c.key).where(*_waits(name))
        with read_only(self._engine) as connection:
            return {row.id: row.key for row in connection.execute(query)}

    def forget(self, name: str, run_ids: Collection[int]) -> None:
        """Forget these runs, unless somebody has begun them."""
        with self._engine.begin() as connection:
            theirs = job_runs.c.id.in_(run_ids)
            connection.execute(delete(job_runs).where(*_waits(name), theirs))


def _waits(name: str) -> tuple[ColumnElement[bool], ...]:
    return job_runs.c.name == name, IS_OPEN, job_runs.c.worker == ""
