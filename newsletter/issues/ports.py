"""The store Protocols: what the verbs ask of a store, a few methods each.

`newsletter.store` fulfils them on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from newsletter.model.approved import ApprovedDraft
from newsletter.model.consent import Allowed, Denied, Stop
from newsletter.model.delivery import Send
from newsletter.model.issue import Approval, Offer, Placement, Use
from newsletter.model.item import Item
from newsletter.model.message import InlinePicture, RenderedEdition
from newsletter.model.notice import Notice
from newsletter.model.pulling import FeedState, Recording
from newsletter.model.story import Story
from newsletter.model.subscriber import Added, Subscriber, SubscriberState, SuppressionReason
from newsletter.pulling.fetch.answers import Answer


class FeedMemory(Protocol):
    """What is remembered of feeds and hosts between pulls."""

    def states(self) -> dict[str, FeedState]: ...

    def save(self, states: Iterable[FeedState]) -> None: ...

    def blocked_hosts(self, now: datetime) -> dict[str, datetime]: ...

    def block_host(self, host: str, until: datetime) -> None: ...


class ItemShelf(Protocol):
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


class StopStore(Protocol):
    """What storytellers took back, as far as the database knows."""

    def stops(self) -> tuple[Stop, ...]: ...


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


class Files(Protocol):
    """The workspace's files, by relative name."""

    def exists(self, name: str) -> bool: ...
    def names(self, folder: str, pattern: str) -> list[str]: ...
    def read(self, name: str) -> str: ...
    def read_bytes(self, name: str) -> bytes: ...
    def write(self, name: str, text: str, *, expected: str | None = None) -> None: ...
    def write_bytes(self, name: str, data: bytes, *, expected: str | None = None) -> None: ...


class ItemSource(Protocol):
    """What was pulled."""

    def get(self, ids: Iterable[str]) -> Mapping[str, Item]: ...
    def since(self, moment: datetime) -> Sequence[Item]: ...
    def as_of(self, item_id: str, moment: datetime) -> tuple[str, str] | None: ...


class StoryShelf(Protocol):
    """The stories as they may be used now, and whether each may appear somewhere."""

    def stories(self) -> tuple[Story, ...]: ...
    def placed(self, placement: Placement, *, language: str, on: date) -> Allowed | Denied: ...
    def withdrawn_items(self, items: Sequence[Item]) -> Mapping[str, Denied]: ...
    def denials(self, edition: RenderedEdition, *, on: date) -> Mapping[str, Denied]: ...


class OfferStore(Protocol):
    """What drafts showed to their editors."""

    def offers(self, issue_id: str) -> tuple[Offer, ...]: ...
    def offered_before(self, issue_id: str) -> frozenset[str]: ...
    def drafted(self, issue_id: str) -> tuple[tuple[str, datetime], ...]: ...
    def offer(self, offers: Sequence[Offer]) -> None: ...
    def forget_offers(self, issue_id: str, language: str) -> int: ...


class UseStore(Protocol):
    """What approved issues carry."""

    def record_used(self, issue_id: str, uses: Iterable[Use]) -> None: ...
    def used_in_last(self, count: int, *, before: str | None = None) -> tuple[Use, ...]: ...
    def approved_issues(self, before: str | None = None) -> tuple[str, ...]: ...
    def record_eligible(self, issue_id: str, organisation_ids: Iterable[str]) -> None: ...
    def eligible(self, issue_ids: Iterable[str]) -> Mapping[str, frozenset[str]]: ...


class ApprovalStore(Protocol):
    """Each yes, and the bytes it is to."""

    def approve(
        self,
        approval: Approval,
        editions: tuple[RenderedEdition, ...],
        drafts: Mapping[str, ApprovedDraft],
    ) -> None: ...
    def approvals(self, issue_id: str) -> tuple[Approval, ...]: ...
    def approved_editions(
        self, issue_id: str, digest: str | None = None
    ) -> tuple[RenderedEdition, ...]: ...


class ApprovedDrafts(Protocol):
    """What somebody said yes to: the drafts with what they stood for, and the pictures."""

    def approved_drafts(
        self, issue_id: str, digest: str | None = None
    ) -> Mapping[str, ApprovedDraft]: ...
    def approved_pictures(
        self, issue_id: str, language: str, digest: str | None = None
    ) -> tuple[InlinePicture, ...]: ...


class KeptIssues(ApprovedDrafts, Protocol):
    """What is kept of every approval. `strike` replaces drafts, by language, and empties the
    editions that were made of them: only their digests stay."""

    def approved_digests(self) -> tuple[tuple[str, str], ...]: ...
    def strike(self, issue_id: str, digest: str, drafts: Mapping[str, ApprovedDraft]) -> None: ...


class RemovableFiles(Files, Protocol):
    """The workspace's files, which may go."""

    def remove(self, name: str) -> bool: ...


class SentIssues(Protocol):
    """Which issues went out, and with which bytes."""

    def issues(self) -> tuple[str, ...]: ...
    def find(self, issue_id: str) -> Send | None: ...


class SiteFolder(Protocol):
    """A folder of published files, replaced as a whole. `alone` waits for whoever writes it."""

    def alone(self) -> AbstractContextManager[None]: ...
    def replace(self, files: Mapping[str, str | bytes]) -> tuple[int, int]: ...
