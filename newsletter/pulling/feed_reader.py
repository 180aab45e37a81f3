"""[I/O] What asking a feed works with: a fetcher, the workers that read, the moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.model.answer import Fetched
from newsletter.model.organisation import Organisation
from newsletter.pulling.parse.parsed import Unreadable
from newsletter.pulling.parse.pool import ParserLost, WorkerPool
from newsletter.pulling.reading import ReadFeed, ReadJob

if TYPE_CHECKING:
    from newsletter.pulling.fetch.fetch import Fetcher


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedReader:
    """Asks and reads feeds. `clock` gives the moment; `timezone` is that of times that name none.

    `fetcher` and `readers` are to be entered first.
    """

    fetcher: "Fetcher"
    readers: WorkerPool
    clock: Callable[[], datetime]
    timezone: str = "UTC"

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
