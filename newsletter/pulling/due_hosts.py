"""Which hosts have a feed that is due. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from newsletter.model.organisation import Organisation
from newsletter.model.pulling import FeedState, host_of_feed
from newsletter.pulling.feed_outcome import skipped


def due_hosts(
    organisations: Iterable[Organisation],
    states: Mapping[str, FeedState],
    *,
    blocked: Mapping[str, datetime],
    claimed: Collection[str],
    now: datetime,
) -> tuple[str, ...]:
    """Return the hosts to ask now, in the registry's order, each once.

    Left out are those in `blocked`, which asked us to wait until then, and those in `claimed`,
    which a pull is asking.
    """
    due: dict[str, None] = {}
    for organisation in organisations:
        for feed in organisation.feeds:
            host = host_of_feed(feed.url)
            state = states.get(feed.url) or FeedState(url=feed.url, organisation_id=organisation.id)
            if host in claimed or host in due:
                continue
            if skipped(feed, state, blocked.get(host), now, even_if_not_due=False) is None:
                due[host] = None
    return tuple(due)
