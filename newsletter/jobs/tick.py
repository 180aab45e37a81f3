"""[I/O] Each minute: what is due, by the rhythms of the week and by the tables."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.errors import NewsletterError, StoreError
from newsletter.jobs.intervals import HELD
from newsletter.jobs.job import Job
from newsletter.model.job import TICK, Due, Schedule
from newsletter.model.rhythm import Rhythm
from newsletter.wiring import Workspace

_log = logging.getLogger(__name__)


def due_by_rhythm(
    name: str,
    rhythm: Rhythm,
    schedule: Schedule | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    is_changed: bool = False,
) -> Due | None:
    """Return what is due of a job, or how its schedule is to move with nothing due; None while
    there is nothing to do.

    However many times passed, it is due once. Nothing is due of the time before it was first
    looked at, nor of a rhythm that was `changed`, as if its past times had been kept. A clock that
    was set back by less than the time between two of them makes none come twice; where it was more,
    the next one counts.
    """
    last = rhythm.last_until(now, zone)
    if last is None:
        return None
    known = schedule.last_due_at if schedule else None
    following = rhythm.next_after(now, zone)
    is_from_ahead = known is not None and following is not None and known > following
    if known is None or is_changed or is_from_ahead:
        if known == last:
            return None
        return Due(name=name, keys=(), due_at=last, is_rhythm=True, moved_from=known)
    if known >= last:
        return None
    return Due(name=name, due_at=last, is_rhythm=True, moved_from=known)


@dataclass
class Tick:
    """Looks what is due, again and again: it remembers the rhythms of the last time, and which
    jobs could not say what is due of them."""

    jobs: Mapping[str, Job]
    rhythms: dict[str, str] = field(default_factory=dict)
    _unsure: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._unsure = set(self.jobs)

    def changed(self, workspace: Workspace) -> set[str]:
        """Return the jobs whose rhythm, or its clock, is another one than when this was last
        asked."""
        zone = workspace.config.coalition.zone.key
        now = {
            name: f"{rhythm!r} {zone}"
            for name, job in self.jobs.items()
            if (rhythm := job.rhythm(workspace.config.week)) is not None
        }
        before, self.rhythms = self.rhythms, now
        return {name for name, rhythm in now.items() if before.get(name, rhythm) != rhythm}

    def dues(self, workspace: Workspace, now: datetime, changed: set[str]) -> list[Due]:
        """Return what is due, of jobs that are not paused. StoreError."""
        schedules = workspace.jobs.schedules()
        dues, well = [], []
        for name, job in self.jobs.items():
            schedule = schedules.get(name)
            is_paused = schedule is not None and schedule.paused_by
            if is_paused or not job.is_used(workspace.config):
                continue
            due: Due | None = Due(name=name, keys=(), due_at=now, knows_failures=job.knows_failures)
            rhythm = job.rhythm(workspace.config.week)
            if rhythm is not None:
                zone = workspace.config.coalition.zone
                due = due_by_rhythm(
                    name,
                    rhythm,
                    schedule,
                    now=now,
                    zone=zone,
                    is_changed=name in changed,
                )
            if due is not None and job.due is not None and (due.keys or not due.is_rhythm):
                due = self._with_keys(due, job, workspace, now)
                if due is not None:
                    well.append(name)
            if due is not None:
                dues.append(due)
        if mended := self._unsure.intersection(well):
            workspace.job_work.mend(TICK, tuple(mended))
            self._unsure -= mended
        return dues

    def _with_keys(self, due: Due, job: Job, workspace: Workspace, now: datetime) -> Due | None:
        """The same with its keys; None where they cannot be found out, which is noted."""
        assert job.due is not None
        try:
            keys = tuple(dict.fromkeys(job.due(workspace, now)))
        except StoreError:
            raise
        except NewsletterError as error:
            reason = str(error)
            _log.warning("what is due of %s is not known: %s", job.name, reason)
        except Exception as error:
            reason = f"the program has a fault: {type(error).__name__}"
            _log.error("what is due of %s is not known", job.name, exc_info=error)
        else:
            return replace(due, keys=keys)
        self._unsure.add(job.name)
        workspace.job_work.fail(
            Due(name=TICK, keys=(job.name,), due_at=now), error=reason, held=HELD
        )
        return None
