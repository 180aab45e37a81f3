"""What the record of runs tells of the job that lends hands to a send."""

from datetime import datetime

from sqlalchemy import Engine, func, select

from newsletter.model.job import RunOutcome
from newsletter.store.database import read_only
from newsletter.store.job_runs import job_runs


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
