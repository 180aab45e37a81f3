"""[I/O] What asking a feed works with: a fetcher, the workers that read, the moment."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.model.answer import Answer, Failed, Failure, Fetched, Hop
from newsletter.model.organisation import Organisation
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost, WorkerPool
from newsletter.pulling.reading import ReadFeed, ReadJob

if TYPE_CHECKING:
    from newsletter.pulling.fetch.fetch import Fetcher

LOST = frozenset(  # what an address answers whose domain or page was given up
    {Failure.UNREACHABLE, Failure.TIMEOUT, Failure.MISSING, Failure.GONE}
    | {Failure.WRONG_NAME, Failure.CERTIFICATE_EXPIRED, Failure.SELF_SIGNED}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedReader:
    """Asks and reads feeds. `clock` gives the moment; `timezone` is that of times that name none.

    `fetcher` and `readers` are to be entered first.
    """

    fetcher: "Fetcher"
    readers: WorkerPool
    clock: Callable[[], datetime]
    timezone: str = "UTC"

    @asynccontextmanager
    async def asked(
        self, url: str, headers: Mapping[str, str], *, moved_to: str = ""
    ) -> AsyncIterator[Answer]:
        """Ask a feed; where its own address is lost, at the one it was last seen to move to."""
        async with self.fetcher.opened(url, headers=headers) as answer:
            if not (moved_to and isinstance(answer, Failed) and answer.kind in LOST):
                yield answer
                return
        async with self.fetcher.opened(moved_to, headers=headers) as moved:
            hops = (Hop(status=301, url=moved_to), *moved.hops)
            yield answer if isinstance(moved, Failed) else replace(moved, hops=hops)

    async def read(
        self, answer: Fetched, feed_url: str, organisation: Organisation
    ) -> ReadFeed | Unreadable | ParserLost:
        """Read the answer of the organisation's feed, in a worker."""
        job = ReadJob(
            answer=answer,
            feed_url=feed_url,
            organisation=organisation,
            now=self.clock(),
            timezone=self.timezone,
        )
        read: ReadFeed | Unreadable | ParserLost = await self.readers.run(job)
        return read
