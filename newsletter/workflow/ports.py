"""The store Protocols: what the verbs ask of a store, a few methods each.

`newsletter.store` fulfils them on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model.notice import Notice
from newsletter.model.subscriber import Added, Subscriber, SubscriberState, SuppressionReason


class SubscriberReader(Protocol):
    """Reads people, by number, by address, or all of them in order of number."""

    def get(self, subscriber_id: int) -> Subscriber | None: ...
    def by_address(self, address: str) -> Subscriber | None: ...
    def stream(self, after_id: int, limit: int) -> list[Subscriber]: ...
    def counts(self) -> dict[tuple[str, SubscriberState], int]: ...


class SuppressionReader(Protocol):
    """Says who must not be mailed, and why."""

    def suppressed(self, addresses: Collection[str]) -> set[str]: ...
    def suppression(self, address: str) -> SuppressionReason | None: ...


class SubscriberStore(SubscriberReader, SuppressionReader, Protocol):
    """Keeps people. Each method is one transaction."""

    def known(self, addresses: Collection[str]) -> set[str]: ...
    def add(self, people: Sequence[Subscriber]) -> Added: ...
    def update(self, person: Subscriber) -> bool: ...
    def readmit(self, person: Subscriber) -> bool: ...
    def suppress(self, address: str, reason: SuppressionReason, now: datetime) -> bool: ...
    def suppress_new(
        self, addresses: Collection[str], reason: SuppressionReason, now: datetime
    ) -> int: ...
    def erase(self, address: str, now: datetime) -> bool: ...
    def forget_pending(self, before: datetime) -> int: ...


class Post(Protocol):
    """Sends a single message that somebody just asked for."""

    def send(self, notice: Notice) -> None:
        """ServiceError when it cannot leave now and should be tried again."""
