"""What issues ask of the store.

`newsletter.store` fulfils it on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from newsletter.model.approved import (
    ApprovedCorrection,
    ApprovedDigest,
    ApprovedDraft,
    ApprovedWords,
)
from newsletter.model.issue import Approval, Offer, Use
from newsletter.model.item import Item, ItemWords
from newsletter.model.message import InlinePicture, RenderedEdition
from newsletter.model.pulling import KnownItem


class ItemSource(Protocol):
    """What was pulled."""

    def get(self, ids: Iterable[str]) -> Mapping[str, Item]:
        """Return those of the ids that exist, by id."""

    def since(self, moment: datetime) -> Sequence[Item]:
        """Return what was first seen since then, neither hidden nor withdrawn."""

    def events_on(self, days: Collection[date]) -> Sequence[Item]:
        """Return the events that begin on those days, as their calendars write the day, hidden and
        withdrawn ones too."""

    def on_pages(self, pages: Collection[str]) -> Sequence[Item]:
        """Return what leads to those pages (`normal_link`)."""

    def known(self, organisation_id: str, keys: Sequence[str]) -> Mapping[str, KnownItem]:
        """Return what the organisation's items have of these keys, by key."""

    def as_of(self, item_id: str, moment: datetime) -> ItemWords | None:
        """Return what an item said at that moment; None when it did not change since."""


class IssueStore(Protocol):
    """What issues offered, what was approved of them, and what they carried."""

    def offers(self, issue_id: str) -> tuple[Offer, ...]:
        """Return what the issue's drafts showed to their editors, in that order."""

    def offered_before(self, issue_id: str) -> frozenset[str]:
        """Return the items that earlier approved weekly issues offered."""

    def drafted(self, issue_id: str) -> tuple[tuple[str, datetime], ...]:
        """Return the approved weekly issues before this one, the newest first, and when each was
        first drafted."""

    def offer(self, offers: Sequence[Offer]) -> None:
        """Keep what a draft shows; what was offered before keeps its first moment."""

    def forget_offers(self, issue_id: str, language: str) -> int:
        """Forget what a deleted draft showed; return how many offers that were."""

    def record_eligible(self, issue_id: str, organisation_ids: Iterable[str]) -> None:
        """Add to the organisations that had something the issue could have taken."""

    def eligible(self, issue_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
        """Return the organisations that could have been in each of those issues."""

    def record_used(self, issue_id: str, uses: Iterable[Use]) -> None:
        """Keep what the approved issue carries, in place of what an earlier approval said."""

    def used_in_last(self, count: int, *, before: str | None = None) -> tuple[Use, ...]:
        """Return what the last so many approved weekly issues carry, the newest issue first."""

    def approved_issues(self, before: str | None = None) -> tuple[str, ...]:
        """Return the weekly issues that somebody approved, the oldest first."""

    def approve(
        self,
        approval: Approval,
        editions: tuple[RenderedEdition, ...],
        drafts: Mapping[str, ApprovedDraft],
    ) -> None:
        """Keep an editor's approval, the bytes it is to, and their drafts by language."""

    def approvals(self, issue_id: str) -> tuple[Approval, ...]:
        """Return every approval the issue ever got, the oldest first, whatever bytes it was to."""

    def approved_editions(
        self, issue_id: str, digest: str | None = None
    ) -> tuple[RenderedEdition, ...]:
        """Return the bytes of the latest approval, or of that digest; nothing where a story was
        removed from them since."""

    def approved_drafts(
        self, issue_id: str, digest: str | None = None
    ) -> Mapping[str, ApprovedDraft]:
        """Return the drafts of the latest approval, or of that digest, by language."""

    def approved_pictures(
        self, issue_id: str, language: str, digest: str | None = None
    ) -> tuple[InlinePicture, ...]:
        """Return an edition's pictures as approved, without those removed since."""

    def approved_digests(self) -> tuple[ApprovedDigest, ...]:
        """Return every digest that was ever approved, with its issue."""

    def corrections(self) -> tuple[ApprovedCorrection, ...]:
        """Return every correction that was ever approved, by issue."""

    def approved_words(self, issue_id: str) -> tuple[ApprovedWords, ...]:
        """Return what each edition of an issue says, for all digests ever approved."""

    def redact(self, issue_id: str, digest: str, drafts: Mapping[str, ApprovedDraft]) -> None:
        """Replace drafts, by language, and empty the editions made of them: digests stay."""
