"""[I/O] The job `pull`: the feeds of one host, so that no host is asked by two at once."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from newsletter.jobs.job import JobContext
from newsletter.model.pulling import FeedState
from newsletter.pulling.feed_outcome import skipped
from newsletter.wiring import Workspace


def hosts_due(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return the hosts with a feed whose time has come."""
    states, blocked = workspace.feeds.states(), workspace.feeds.blocked_hosts(now)
    hosts = set()
    for member in workspace.organisations:
        for feed in member.feeds:
            state = states.get(feed.url) or FeedState(url=feed.url, organisation_id=member.id)
            host = _host(feed.url)
            if skipped(feed, state, blocked.get(host), now, even_if_not_due=False) is None:
                hosts.add(host)
    return sorted(hosts)


def pull_host(context: JobContext) -> None:
    """Ask the host's feeds that are due."""
    from newsletter.pulling.pull import pull  # what is due is found out without it

    workspace = context.workspace
    members = (
        replace(
            member, feeds=tuple(feed for feed in member.feeds if _host(feed.url) == context.key)
        )
        for member in workspace.organisations
    )
    pull(tuple(member for member in members if member.feeds), workspace.pulling())


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
