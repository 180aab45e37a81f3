"""The store Protocols: what the verbs ask of a store, a few methods each.

`newsletter.store` fulfils them on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from newsletter.feeds.answers import Answer
from newsletter.model.item import Item
from newsletter.model.pulling import FeedState


class FeedMemory(Protocol):
    """What is remembered of feeds and hosts between pulls."""

    def states(self) -> dict[str, FeedState]: ...

    def save(self, states: Iterable[FeedState]) -> None: ...

    def blocked_hosts(self, now: datetime) -> dict[str, datetime]: ...

    def block_host(self, host: str, until: datetime) -> None: ...


class ItemShelf(Protocol):
    """Where a pull puts items. `record` is one transaction: all that a feed brought, or nothing."""

    def known(self, organisation_id: str, keys: Sequence[str]) -> dict[str, tuple[str, str]]: ...

    def taken(self, ids: Sequence[str]) -> frozenset[str]: ...

    def record(
        self,
        state: FeedState,
        *,
        new: Sequence[Item] = (),
        edited: Sequence[Item] = (),
        keys: Sequence[tuple[str, str]] = (),
        now: datetime,
    ) -> None: ...


class Fetching(Protocol):
    """Asks one address; the answer holds what came, whatever it is."""

    def opened(
        self, url: str, *, headers: Mapping[str, str] | None = None
    ) -> AbstractAsyncContextManager[Answer]: ...


class Reading(Protocol):
    """Runs reading jobs where they may hang or die."""

    async def run(self, job: Any) -> Any: ...


class Pacing(Protocol):
    """Waits until a host may be asked again."""

    async def ready(self, host: str) -> None: ...
