"""What runs by itself, as an operator sees it. [I/O]"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from newsletter.errors import NewsletterError
from newsletter.jobs.plan import Planned, next_runs
from newsletter.jobs.registry import JOBS
from newsletter.model.delivery import SendState
from newsletter.model.job import TICK, JobRun, Schedule, WorkerSeen
from newsletter.model.silence import WORKER_SEEN
from newsletter.wiring import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """Each run stands in one of the lists: it failed, should long be begun, is at work, or waits
    as it should."""

    failed: tuple[JobRun, ...]
    late: tuple[JobRun, ...]
    at_work: tuple[JobRun, ...]
    waiting: tuple[JobRun, ...]
    planned: tuple[Planned, ...]
    paused: tuple[Schedule, ...]
    workers: tuple[WorkerSeen, ...]

    @property
    def needs_a_person(self) -> bool:
        """Return whether something does not go on by itself."""
        return bool(self.failed or self.late)


def overview(workspace: Workspace, *, late: timedelta, count: int) -> Overview:
    """Return what there is to see; `late` is what waits for longer than that, and `count` how many
    of the next runs are told."""
    now, schedules = workspace.now(), workspace.jobs.schedules()
    paused = {name: one for name, one in schedules.items() if one.paused_by}
    at_work, overdue, waiting = [], [], []
    for run in workspace.jobs.open():
        is_late = run.next_try_at is None and run.due_at < now - late
        if run.worker:
            at_work.append(run)
        elif is_late and run.task.name not in paused:
            overdue.append(run)
        else:
            waiting.append(run)
    planned = upcoming(workspace, paused=paused, count=count)
    return Overview(
        failed=workspace.jobs.failed(),
        late=tuple(overdue),
        at_work=tuple(at_work),
        waiting=tuple(waiting),
        planned=planned,
        paused=tuple(one for name, one in paused.items() if name != TICK),
        workers=workspace.jobs.workers(since=now - WORKER_SEEN),
    )


def upcoming(workspace: Workspace, *, paused: Collection[str], count: int) -> tuple[Planned, ...]:
    """Return so many of the next runs: by the rhythms of the week, the next feeds that are asked,
    and each send that waits for its time."""
    now = workspace.now()
    planned = next_runs(JOBS.values(), workspace.config, now=now, paused=paused, count=count)
    if "send" not in paused:
        planned += [
            Planned(at=send.due_at, job="send", does=f"begins to send {send.issue_id}")
            for send in workspace.ledger.sends()
            if send.state is SendState.SCHEDULED and send.due_at is not None and send.due_at > now
        ]
    pull = JOBS["pull"]
    if "pull" not in paused and pull.rhythm(workspace.config.week) is None:
        feeds = _feeds(workspace)
        states = {url: state.next_due_at for url, state in workspace.feeds.states().items()}
        due = [max(now, states.get(url) or now) for url in feeds]
        planned += [Planned(at=at, job=pull.name, does=pull.does) for at in sorted(due)[:1]]
    return tuple(sorted(planned, key=lambda one: one.at)[:count])


def _feeds(workspace: Workspace) -> list[str]:
    """The addresses that are asked; none where feeds.yaml cannot be read, which is told else."""
    try:
        feeds = [feed for one in workspace.organisations for feed in one.feeds]
    except NewsletterError:
        return []
    return [feed.url for feed in feeds if not feed.paused]
