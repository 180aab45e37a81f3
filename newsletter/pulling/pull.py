"""[I/O] `pull`: ask each feed that is due once, keep what is new, say how each went."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from newsletter.model.organisation import Organisation
from newsletter.model.pulling import PullReport, host_of_feed
from newsletter.pulling.pull_run import PullParts, PullRun


def pull(
    organisations: Sequence[Organisation],
    parts: PullParts,
    *,
    only: frozenset[str] = frozenset(),
    even_if_not_due: bool = False,
    mailed: frozenset[str] = frozenset(),
) -> PullReport:
    """Pull every feed that is due, or those of the organisations in `only`, due or not.

    Items that were `mailed` lately and that these feeds no longer list are asked for at their own
    pages; what is gone there is withdrawn. Return one outcome per feed, in the registry's order; a
    broken feed is an outcome, no error. Hosts that another pull is asking are left to it.
    """

    async def whole() -> PullReport:
        async with parts.fetcher, parts.readers:
            return await pull_hosts(
                organisations, parts, only=only, even_if_not_due=even_if_not_due, mailed=mailed
            )

    return asyncio.run(whole())


async def pull_hosts(
    organisations: Sequence[Organisation],
    parts: PullParts,
    *,
    hosts: frozenset[str] = frozenset(),
    only: frozenset[str] = frozenset(),
    even_if_not_due: bool = False,
    mailed: frozenset[str] = frozenset(),
) -> PullReport:
    """Do so with what is open already, at those hosts alone if any are named."""
    started = parts.clock()
    wanted = [
        (organisation, feed)
        for organisation in organisations
        if not only or organisation.id in only
        for feed in organisation.feeds
        if not hosts or host_of_feed(feed.url) in hosts
    ]
    with ThreadPoolExecutor(1, thread_name_prefix="store") as writer:
        run = PullRun(parts, writer, even_if_not_due=even_if_not_due or bool(only))
        outcomes = await run.pull_all(wanted, mailed)
    return PullReport(outcomes=outcomes, started_at=started, finished_at=parts.clock())
