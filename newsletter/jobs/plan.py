"""Which runs come next, by the rhythms of the week. Pure."""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from newsletter.config.settings import Config, WeekSettings
from newsletter.jobs.job import Job
from newsletter.model.rhythm import Every


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A time at which a job is due, UTC."""

    at: datetime
    job: str
    does: str


def next_runs(
    jobs: Iterable[Job],
    config: Config,
    *,
    now: datetime,
    paused: Collection[str] = (),
    count: int,
) -> list[Planned]:
    """Return so many, the next first; of what is due every hour only the next, and nothing of what
    is paused or not used."""
    zone = config.coalition.zone
    wanted = (job for job in jobs if job.name not in paused and job.is_used(config))
    each = (_of(job, config.week, zone, now) for job in wanted)
    return list(islice(heapq.merge(*each, key=lambda planned: planned.at), count))


def _of(job: Job, week: WeekSettings, zone: ZoneInfo, now: datetime) -> Iterable[Planned]:
    rhythm, at = job.rhythm(week), now
    if rhythm is None:
        return
    while (following := rhythm.next_after(at, zone)) is not None:
        at = following
        yield Planned(at=at, job=job.name, does=job.does)
        if rhythm.every is Every.HOUR:
            return
