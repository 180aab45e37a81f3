"""What sending asks of the ledger, of the approved issues and of consent, a few methods each.

`newsletter.store` fulfils them on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from newsletter.model.consent import Denied
from newsletter.model.delivery import (
    DeliveryEvent,
    DeliveryState,
    EventKind,
    ExclusionReason,
    Process,
    Result,
    Send,
    SendState,
    Settlement,
    Taken,
    Tally,
    Unsure,
)
from newsletter.model.issue import Approval
from newsletter.model.message import RenderedEdition
from newsletter.model.subscriber import Subscriber, SubscriberState, SuppressionReason
from newsletter.model.witness import Run, WentOn, Witnessed

Judge = Callable[[Subscriber, bool], str | ExclusionReason]
Barrier = Callable[[SubscriberState, date | None, bool], ExclusionReason | None]


class ApprovedIssues(Protocol):
    """What editors said yes to."""

    def approvals(self, issue_id: str) -> tuple[Approval, ...]: ...
    def approved_editions(self, issue_id: str) -> tuple[RenderedEdition, ...]: ...


class Consents(Protocol):
    """Asked before each claim, and must see what was withdrawn a moment ago.

    `stamp` takes microseconds, and differs when the files of these stories, or the file of
    withdrawals, changed; only then are `denials` looked for.
    """

    def stamp(self, story_ids: Sequence[str]) -> object: ...
    def denials(self, edition: RenderedEdition, *, on: date) -> Mapping[str, Denied]: ...


class SendLedger(Protocol):
    """Sends, and who is to get each. Each method is one transaction."""

    def find(self, issue_id: str) -> Send | None: ...
    def latest(self) -> Send | None: ...
    def audience_before(self, issue_id: str) -> dict[str, int]: ...
    def weekly_since(self, moment: datetime, *, apart_from: str) -> bool: ...
    def survey(self, judge: Judge) -> dict[str, int]: ...
    def freeze(
        self,
        issue_id: str,
        *,
        digest: str,
        editions: dict[str, str],
        judge: Judge,
        now: datetime,
        due_at: datetime | None = None,
        rate: float | None = None,
    ) -> Send: ...
    def approve_anew(self, send_id: int, *, digest: str, editions: dict[str, str]) -> int: ...
    def change_state(
        self, send_id: int, state: SendState, *, only_from: tuple[SendState, ...]
    ) -> bool: ...
    def set_batch(self, send_id: int, batch: str) -> None: ...
    def set_rate(self, send_id: int, rate: float | None) -> None: ...
    def finish(self, send_id: int, now: datetime) -> bool: ...


class Senders(Protocol):
    """The running senders of a send. Each method is one transaction; an exchange ends by itself."""

    def join(self, send_id: int, process: Process, *, now: datetime, lease: timedelta) -> int: ...
    def names(self, send_id: int) -> dict[int, str]: ...
    def renew(self, sender: int, *, now: datetime, lease: timedelta) -> bool: ...
    def count_active(self, send_id: int, now: datetime) -> int: ...
    def leave(self, send_id: int, sender: int, now: datetime) -> None: ...
    def end_expired(
        self, send_id: int, *, now: datetime, is_gone: Callable[[Process], bool | None]
    ) -> int: ...
    def begin_exchange(
        self,
        send_id: int,
        sender: int,
        results: list[Result],
        *,
        want: int,
        now: datetime,
        barrier: Barrier,
        newest_stop: int,
        versions: Collection[str],
        still_held: Collection[int] | None = None,
    ) -> "LedgerExchange": ...


class LedgerExchange(Protocol):
    """Outcomes and claims that last once they are committed."""

    @property
    def taken(self) -> Taken: ...
    def commit(self) -> None: ...


class Tallies(Protocol):
    """What the ledger adds up to. Each method is one transaction."""

    def uncertain(self, send_id: int) -> tuple[Unsure, ...]: ...
    def settle_uncertain(
        self,
        delivery_ids: Sequence[int],
        became: DeliveryState,
        *,
        evidence: str,
        decided_by: str,
        now: datetime,
    ) -> int: ...
    def settlements(self, send_id: int) -> tuple[Settlement, ...]: ...
    def tally(self, send_id: int) -> Tally: ...
    def answered(self, send_id: int) -> int: ...
    def each(self, send_id: int) -> Iterator[tuple[str, str, DeliveryState, str, str]]: ...


class SendWitness(Protocol):
    """What was sent, written down apart from the database."""

    def read(self, issue_id: str) -> Witnessed: ...
    def note(self, issue_id: str, name: str, run: Run) -> None: ...
    def go_on(self, issue_id: str, choice: WentOn) -> None: ...


class PersonalLinks(Protocol):
    """The value of each personal field for one person."""

    def personal(self, subscriber_id: int) -> dict[str, str]: ...


class DeliveryEvents(Protocol):
    """What was told about deliveries afterwards. Each method is one transaction."""

    def is_known(self, event: DeliveryEvent) -> bool: ...
    def record(
        self, event: DeliveryEvent, *, issue_id: str, subscriber_id: int, now: datetime
    ) -> bool: ...
    def counts(self, send_id: int) -> dict[EventKind, int]: ...
    def settle_uncertain(self, send_id: int, now: datetime) -> int: ...


class Suppressor(Protocol):
    """Ends the mailing of an address for good."""

    def get(self, subscriber_id: int) -> Subscriber | None: ...
    def suppression(self, address: str) -> SuppressionReason | None: ...
    def suppress(self, address: str, reason: SuppressionReason, now: datetime) -> bool: ...
