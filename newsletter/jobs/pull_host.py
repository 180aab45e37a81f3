"""[I/O] The job `pull`: the feeds of one host, so that no host is asked by two at once."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from newsletter.jobs.job import JobContext
from newsletter.model.pulling import FeedState
from newsletter.wiring import Workspace


def hosts_due(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return the hosts with a feed whose time has come, and that no pull is asking."""
    feeds, states = workspace.feeds, workspace.feeds.states()
    listed = (feed for member in workspace.organisations for feed in member.feeds)
    if all(feed.paused or _surely_waits(states.get(feed.url), now) for feed in listed):
        return ()
    from newsletter.pulling.due_hosts import due_hosts  # an idle worker has none of it in memory
    from newsletter.pulling.held_hosts import longest

    return due_hosts(
        workspace.organisations,
        states,
        blocked=feeds.blocked_hosts(now),
        claimed=feeds.claimed_hosts(now=now, longest=longest(now), is_gone=workspace.is_gone),
        now=now,
    )


def _surely_waits(state: FeedState | None, now: datetime) -> bool:
    """Return whether it needs no closer look: its time is to come, by a clock that was not ahead,
    or it is not asked any more."""
    if state is None or state.next_due_at is None or state.last_pulled_at is None:
        return False
    return state.gone_at is not None or state.last_pulled_at <= now < state.next_due_at


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
