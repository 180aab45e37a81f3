"""The job that asks the feeds of one host."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from newsletter.jobs.job import Job, JobContext
from newsletter.model.job import Queue
from newsletter.model.rhythm import Every
from newsletter.wiring import Workspace


def _due(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return the hosts: `hourly` is as often as each feed allows, other rhythms once each time."""
    from newsletter.pulling.due_hosts import due_hosts
    from newsletter.pulling.held_hosts import longest

    rhythm, feeds = workspace.config.week.pull, workspace.feeds
    if rhythm.every is Every.NEVER:
        return ()
    is_hourly = rhythm.every is Every.HOUR
    return due_hosts(
        workspace.organisations,
        feeds.states(),
        blocked=feeds.blocked_hosts(now),
        claimed=feeds.claimed_hosts(now=now, longest=longest(now)),
        now=now,
        since=None if is_hourly else rhythm.last_until(now, workspace.config.coalition.zone),
    )


def _run(context: JobContext) -> None:
    """Pull what is due there. A broken feed is remembered with its state, and no error."""
    from newsletter.pulling.pull import pull_hosts
    from newsletter.sending.changed_sources import mailed_lately

    workspace = context.workspace
    workspace.pull_loop.run(
        partial(
            pull_hosts,
            workspace.organisations,
            hosts=frozenset({context.key}),
            mailed=mailed_lately(workspace.sent_pieces, now=workspace.now()),
        )
    )


JOB = Job(
    name="pull",
    queue=Queue.PULL,
    does="asks the feeds of a host",
    run=_run,
    lock=lambda host: f"host:{host}",
    due=_due,
)
