"""The store Protocols: what the verbs ask of a store, a few methods each.

`newsletter.store` fulfils them on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from newsletter.model.approved import ApprovedDraft
from newsletter.model.consent import Allowed, Denied
from newsletter.model.delivery import Send
from newsletter.model.issue import Approval, Offer, Placement, Use
from newsletter.model.item import Item
from newsletter.model.message import InlinePicture, RenderedEdition
from newsletter.model.story import Story


class ItemSource(Protocol):
    """What was pulled."""

    def get(self, ids: Iterable[str]) -> Mapping[str, Item]: ...
    def since(self, moment: datetime) -> Sequence[Item]: ...
    def as_of(self, item_id: str, moment: datetime) -> tuple[str, str] | None: ...


class StorySource(Protocol):
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


class SentIssues(Protocol):
    """Which issues went out, and with which bytes."""

    def issues(self) -> tuple[str, ...]: ...
    def find(self, issue_id: str) -> Send | None: ...
