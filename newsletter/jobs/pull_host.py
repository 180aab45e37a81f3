"""[I/O] The job `pull`: the feeds of one host, so that no host is asked by two at once."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from newsletter.jobs.job import JobContext
from newsletter.pulling.due_hosts import due_hosts
from newsletter.pulling.held_hosts import longest
from newsletter.wiring import Workspace


def hosts_due(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return the hosts with a feed whose time has come, and that no pull is asking."""
    feeds = workspace.feeds
    return due_hosts(
        workspace.organisations,
        feeds.states(),
        blocked=feeds.blocked_hosts(now),
        claimed=feeds.claimed_hosts(now=now, longest=longest(now), is_gone=workspace.is_gone),
        now=now,
    )


def pull_host(context: JobContext) -> None:
    """Ask the host's feeds that are due. A broken one is remembered with its state, and no error;
    what was mailed and is listed no more is looked for at its page."""
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
