"""What pulling asks of the store: what it remembers of feeds, and where it puts items."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from newsletter.model.item import Item, MailedPage
from newsletter.model.ledger import Process
from newsletter.model.pulling import (
    Decide,
    FeedState,
    HostClaim,
    KnownItem,
    PullStart,
    Recording,
)


class FeedStore(Protocol):
    """What is remembered of feeds and hosts between pulls."""

    def states(self) -> Mapping[str, FeedState]:
        """Return the state of every feed that was ever asked, by address."""
        ...

    def begin(
        self,
        hosts: Collection[str],
        claim: HostClaim,
        *,
        now: datetime,
        is_gone: Callable[[Process], bool | None],
    ) -> PullStart:
        """Claim those of the hosts that no other pull is asking, and return what is known then."""
        ...

    def renew(self, by: str, *, until: datetime) -> frozenset[str]:
        """Claim for longer what is still the pull's; return those hosts."""
        ...

    def release(self, by: str) -> None:
        """Let other pulls ask its hosts."""
        ...

    def claimed_hosts(
        self, *, now: datetime, longest: datetime, is_gone: Callable[[Process], bool | None]
    ) -> frozenset[str]:
        """Return the hosts that a pull is asking, as far as their claims say."""
        ...

    def save_held(self, states: Iterable[FeedState], by: str) -> None:
        """Replace the states of those feeds whose hosts are still the pull's."""
        ...

    def save(self, states: Iterable[FeedState]) -> None:
        """Replace the states of these feeds, in one transaction."""
        ...

    def move(self, url: str, to: str) -> None:
        """Take a feed's state and items along to its new address."""
        ...

    def blocked_hosts(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that asked us to wait, and until when."""
        ...

    def block_host(self, host: str, until: datetime) -> None:
        """Keep that this host is not to be asked before then."""
        ...


class ItemStore(Protocol):
    """Items, and the keys they are recognised by."""

    def get(self, ids: Iterable[str]) -> Mapping[str, Item]:
        """Return those of the ids that exist, by id."""
        ...

    def known(self, organisation_id: str, keys: Sequence[str]) -> Mapping[str, KnownItem]:
        """Return what the organisation's items have of these keys, by key."""
        ...

    def record(
        self,
        organisation_id: str,
        keys: Sequence[str],
        ids: Sequence[str],
        decide: Decide,
        now: datetime,
        *,
        held: tuple[str, str] | None = None,
    ) -> Recording | None:
        """Write what one feed brought in one transaction; return it with what it withdrew, None
        where the host and the pull of `held` do not belong together any more."""
        ...

    def update(self, edited: Sequence[Item], now: datetime) -> None:
        """Take over what sources say now; what they said before is kept."""
        ...

    def withdraw(self, ids: Sequence[str], at: datetime | None) -> int:
        """Mark items as gone at their source, or as back (None); return how many there were."""
        ...

    def note_pages(self, pages: Mapping[str, MailedPage]) -> None:
        """Keep what a pull saw of the pages of mailed pieces, by item id."""
        ...
