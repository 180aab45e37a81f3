"""[I/O] What a worker does beside its jobs: it is seen, looks what is due, and rescues."""

import logging
import socket
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from newsletter.errors import NewsletterError
from newsletter.jobs.handed_on import ClockKnows
from newsletter.jobs.intervals import HELD, MOST_LOST, Pace
from newsletter.jobs.job import Job
from newsletter.jobs.opened import OpenedWorkspace
from newsletter.jobs.tick import Tick
from newsletter.model.job import Wake, WorkerSeen

_log = logging.getLogger(__name__)


def new_worker(now: datetime, only: Iterable[str] = ()) -> WorkerSeen:
    """Return a worker on this machine, that begins now and takes on all jobs, or only some."""
    id_, machine = uuid.uuid4().hex, socket.gethostname()
    return WorkerSeen(id=id_, machine=machine, started_at=now, seen_at=now, only=" ".join(only))


class Clock:
    """`step` is called about once a second; what fails in it is logged and done at a later one.

    Who `is_alone` is the only worker: what others had at hand they lost. Otherwise what they lost
    waits again when they were not seen for long. `alive` is called at each step. With what it knew
    `before`, it goes on as the same worker, and does not `begin`.
    """

    def __init__(
        self,
        opened: OpenedWorkspace,
        jobs: Mapping[str, Job],
        worker: WorkerSeen,
        pace: Pace,
        *,
        is_alone: bool,
        wake: Wake | None = None,
        alive: Callable[[], None] = lambda: None,
        before: ClockKnows | None = None,
    ) -> None:
        self._opened = opened
        self.worker = worker
        self._pace = pace
        self._is_alone = is_alone
        self._wake = wake
        self._alive = alive
        self._tick = Tick(jobs, dict(before.rhythms) if before else {})
        self._beats_at = self._rescues_at = self._heard_since = time.monotonic()
        self._ticked = before.ticked if before else None

    @property
    def knows(self) -> ClockKnows:
        """Return what it would have to know to go on."""
        return ClockKnows(rhythms=self._tick.rhythms, ticked=self._ticked)

    def begin(self) -> None:
        """Be seen, before anything is taken; have wait what workers before left. StoreError."""
        self._beat()
        if self._is_alone:
            self._rescue(None)

    def step(self) -> None:
        """Do what there is to do by now."""
        self.step_while_ending()
        moment, now = time.monotonic(), self._opened.now.now()
        # While the database was away nobody was seen: then all others get the time to be.
        hears = moment - self._heard_since > 3 * self._pace.beat.total_seconds()
        if moment >= self._rescues_at and hears and not self._is_alone:
            self._rescues_at = moment + self._pace.rescue.total_seconds()
            self._trying("look for what others lost", lambda: self._rescue(self._pace.stalled))
        minute = _floor(now, self._pace.tick)
        if minute != self._ticked:
            self._ticked = minute
            self._trying("look what is due", lambda: self._look(now, minute))

    def step_while_ending(self) -> None:
        """Be seen, while nothing new is begun."""
        self._alive()
        moment = time.monotonic()
        if moment >= self._beats_at:
            self._beats_at = moment + self._pace.beat.total_seconds()
            if not self._trying("say that it is at work", self._beat):
                self._heard_since = time.monotonic()

    def tick(self) -> None:
        """Look what is due, whenever that was done last."""
        now = self._opened.now.now()
        self._put(now, set())

    def end(self) -> None:
        """Say that it is at work no more."""
        self._trying("say that it ends", lambda: self._opened.now.job_work.leave(self.worker))

    def _beat(self) -> None:
        workspace = self._opened.now
        workspace.job_work.see(replace(self.worker, seen_at=workspace.now()))

    def _rescue(self, stalled: timedelta | None) -> None:
        workspace = self._opened.now
        now = workspace.now()
        lost = workspace.job_work.rescue(now=now, stalled=stalled, most=MOST_LOST)
        if lost:
            _log.warning("%d runs of workers that ended in the middle wait again", lost)
            workspace.job_work.put((), now=now, held=HELD, wake=self._wake)

    def _look(self, now: datetime, minute: datetime) -> None:
        self._opened.read_again()
        workspace = self._opened.now
        changed = self._tick.changed(workspace)
        if workspace.job_work.take_tick(minute, every=self._pace.tick):
            self._put(now, changed)

    def _put(self, now: datetime, changed: set[str]) -> None:
        workspace = self._opened.now
        dues = self._tick.dues(workspace, now, changed)
        workspace.job_work.put(dues, now=now, held=HELD, wake=self._wake)

    def _trying(self, what: str, do: Callable[[], None]) -> bool:
        try:
            do()
        except NewsletterError as error:
            _log.warning("could not %s: %s", what, error)
        except Exception as error:
            _log.error("could not %s", what, exc_info=error)
        else:
            return True
        return False


def _floor(moment: datetime, step: timedelta) -> datetime:
    seconds = step.total_seconds()
    return datetime.fromtimestamp(moment.timestamp() // seconds * seconds, UTC)
