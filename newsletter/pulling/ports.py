"""What pulling asks of a store, of the network and of the parser, a few methods each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from newsletter.model.pulling import FeedState, Recording
from newsletter.pulling.fetch.answers import Answer


class FeedStore(Protocol):
    """What is remembered of feeds and hosts between pulls."""

    def states(self) -> dict[str, FeedState]: ...

    def save(self, states: Iterable[FeedState]) -> None: ...

    def move(self, url: str, to: str) -> None: ...

    def blocked_hosts(self, now: datetime) -> dict[str, datetime]: ...

    def block_host(self, host: str, until: datetime) -> None: ...


class ItemStore(Protocol):
    """Where a pull puts items. `record` is one transaction: all that a feed brought, or nothing."""

    def known(self, organisation_id: str, keys: Sequence[str]) -> dict[str, tuple[str, str]]: ...

    def record(
        self,
        organisation_id: str,
        keys: Sequence[str],
        ids: Sequence[str],
        decide: Callable[[Mapping[str, tuple[str, str]], frozenset[str]], Recording],
        now: datetime,
    ) -> Recording: ...


class Fetching(Protocol):
    """Asks one address; the answer holds what came, whatever it is."""

    def opened(
        self,
        url: str,
        *,
        limit: int | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = ...,
    ) -> AbstractAsyncContextManager[Answer]: ...


class Reading(Protocol):
    """Runs reading jobs where they may hang or die."""

    async def run(self, job: Any) -> Any: ...
