"""What the verbs about people ask of the store, and how a single notice leaves."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from newsletter.model.delivery import Outcome
from newsletter.model.notice import Notice, NoticeKind, QueuedNotice
from newsletter.model.subscriber import Added, Subscriber, SubscriberState, SuppressionReason


class SubscriberStore(Protocol):
    """Keeps people and who must not be mailed. Each method is one transaction."""

    def get(self, subscriber_id: int) -> Subscriber | None:
        """Return the person of that number."""

    def by_address(self, address: str) -> Subscriber | None:
        """Return the person of that address, however it is capitalized."""

    def stream(self, after_id: int, limit: int) -> list[Subscriber]:
        """Return the next people in order of number; none at the end."""

    def counts(self) -> dict[tuple[str, SubscriberState], int]:
        """Return how many people there are, by language and state."""

    def known(self, addresses: Collection[str]) -> set[str]:
        """Return those of the addresses that have a row."""

    def pending(self, addresses: Collection[str]) -> set[str]:
        """Return those of the addresses whose owner asked and has not confirmed."""

    def suppressed(self, addresses: Collection[str]) -> set[str]:
        """Return those of the addresses that must not be mailed."""

    def suppression(self, address: str) -> SuppressionReason | None:
        """Return why the address must not be mailed, None when it may."""

    def add(self, people: Sequence[Subscriber]) -> Added:
        """Store new people; return how many, and who was known or kept out."""

    def update(self, person: Subscriber) -> bool:
        """Store what the person chose; return False when the row is gone."""

    def readmit(self, person: Subscriber) -> bool:
        """Store someone who asked again and lift their suppression; False when the row is gone."""

    def suppress(self, address: str, reason: SuppressionReason, now: datetime) -> bool:
        """Never mail the address again; return whether there was a row."""

    def suppress_new(
        self, addresses: Collection[str], reason: SuppressionReason, now: datetime
    ) -> int:
        """Keep out those of the addresses that have no row; return how many were new."""

    def forget_pending(self, before: datetime) -> int:
        """Delete requests from before that moment that were never confirmed; return how many."""


class NoticeQueue(Protocol):
    """Keeps mails that people asked for until they left. Each method is one transaction."""

    def put(self, subscriber_id: int, kind: NoticeKind, *, now: datetime) -> None:
        """Add a mail; one of that kind that waits already is due now instead."""

    def take(self, *, now: datetime, lease: timedelta) -> QueuedNotice | None:
        """Take a mail that is due; it is due again after `lease` unless it is dropped before."""

    def put_off(self, notice: QueuedNotice, *, until: datetime, reason: str) -> None:
        """Try it again then, unless it was asked for again meanwhile. `reason` names nobody."""

    def give_up(self, notice: QueuedNotice, *, now: datetime, reason: str) -> None:
        """Keep it for a while as given up, unless it was asked for again meanwhile."""

    def drop(self, notice: QueuedNotice) -> None:
        """Forget it: it left, or nobody is there to get it."""


class Post(Protocol):
    """Sends a single message that somebody just asked for."""

    def send(self, notice: Notice) -> Outcome:
        """Send it, and return how that went for good. ServiceError when it cannot leave now and
        should be tried again."""
