"""What sending asks of the store: one ledger.

`newsletter.store` fulfils it on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from newsletter.model.audience import Barrier, Judge, Verdict
from newsletter.model.delivery import (
    DeliveryEvent,
    DeliveryState,
    EventKind,
    Send,
    SendState,
    Settlement,
    Tally,
)
from newsletter.model.ledger import (
    BatchRequest,
    DayShare,
    DeliveryLine,
    LeftBehind,
    Missed,
    NewSend,
    OpenBatch,
    Process,
    Reached,
    UncertainDelivery,
)


class SendLedger(Protocol):
    """Who is to get each issue, who hands it over, and how it went for each person.

    Each method is one transaction, but for `begin_batch`, whose transaction its caller commits.
    """

    def find(self, issue_id: str) -> Send | None:
        """Return the send of that issue; None before its audience is frozen."""

    def latest(self) -> Send | None:
        """Return the send that was frozen last; None before the first."""

    def unfinished(self, now: datetime) -> tuple[Send, ...]:
        """Return the sends that may go on at this moment, by issue: what runs, what is due, and
        what is finished but for people who wait again."""

    def is_share_spent(self, share: DayShare) -> bool:
        """Return whether nothing is left of a day's share of mails."""

    def audience_before(self, issue_id: str) -> dict[str, int]:
        """Count the people of each edition of the last weekly issue; empty when there was none."""

    def survey(
        self,
        judge: Judge,
        *,
        month: datetime | None = None,
        wrong: frozenset[str] | None = None,
    ) -> dict[Verdict, int]:
        """Count people by their verdict: the language of an edition, or why they get none.

        `month` is when this one began: a weekly issue since then is a monthly reader's. With
        `wrong`, the digests of editions, only those who have one of them, or may have."""

    def sends(self) -> tuple[Send, ...]:
        """Return every send whose audience was ever frozen, by issue."""

    def freeze(
        self, new: NewSend, judge: Judge, *, now: datetime, month: datetime | None = None
    ) -> Send:
        """Write down who gets which edition and why others get none. AlreadyFrozenError if that is
        done."""

    def replace_version(self, send_id: int, *, digest: str, editions: Mapping[str, str]) -> int:
        """Give newly approved editions to the people who still wait; return how many those are."""

    def change_state(
        self, send_id: int, state: SendState, *, only_from: tuple[SendState, ...]
    ) -> bool:
        """Pause, resume, start or cancel; False when it stands in none of those states."""

    def wait_again(
        self, send_id: int, *, now: datetime, giving_back: Callable[[int], None]
    ) -> None:
        """Let those wait again who were refused since the last acceptance, and those who were put
        off; `giving_back` hears how many the first are, before it is so."""

    def set_hold_id(self, send_id: int, hold_id: str) -> str:
        """Remember under which name the provider holds this send's mail, and return the name that
        counts: that of the first who had one."""

    def set_rate(self, send_id: int, rate: float | None) -> None:
        """Set how many messages a second may leave, over all senders; None is no limit."""

    def finish(self, send_id: int, now: datetime) -> bool:
        """Mark the send finished, unless somebody waits or is being handed over; return which."""

    def join(self, send_id: int, process: Process, *, now: datetime, lease: timedelta) -> int:
        """Register a sender and return its number."""

    def sender_names(self, send_id: int) -> dict[int, str]:
        """Return a lasting name for each run there ever was, by its number."""

    def renew_lease(self, sender: int, *, now: datetime, lease: timedelta) -> bool:
        """Extend the lease to `now + lease`; False when another sender took this one for dead."""

    def count_active(self, send_id: int, now: datetime) -> int:
        """Count the senders that share the work at this moment."""

    def leave(self, send_id: int, sender: int, now: datetime) -> None:
        """End the sender; whatever it did not settle is uncertain."""

    def end_expired(
        self, send_id: int, *, now: datetime, is_gone: Callable[[Process], bool | None]
    ) -> int:
        """End the senders that died, and return how many people that leaves uncertain."""

    def left_behind(
        self, send_id: int, *, now: datetime, is_gone: Callable[[Process], bool | None]
    ) -> LeftBehind:
        """Find how many senders are at work, and who is in the hands of those that died."""

    def begin_batch(self, request: BatchRequest, barrier: Barrier) -> OpenBatch:
        """Record outcomes and claim people; return the transaction, still open, with whom it got.
        StoreError when the database is away."""

    def uncertain(self, send_id: int) -> tuple[UncertainDelivery, ...]:
        """List the people who may or may not have got it."""

    def settle_uncertain(
        self,
        delivery_ids: Sequence[int],
        became: DeliveryState,
        *,
        evidence: str,
        decided_by: str,
        now: datetime,
    ) -> int:
        """Settle these by evidence or by choice, write down which, and return how many it were."""

    def missed(self, send_id: int) -> tuple[Missed, ...]:
        """List who never got it, or may not have, and whether they may be mailed now."""

    def try_again(
        self, chosen: Mapping[int, DeliveryState], *, decided_by: str, now: datetime
    ) -> int:
        """Let these wait again, by delivery and the state in which they were chosen, write down who
        chose, and return how many it were: whoever has moved on since is left alone. A finished
        send runs again."""

    def settlements(self, send_id: int) -> tuple[Settlement, ...]:
        """List how uncertain people of this send were settled, in order."""

    def tally(self, send_id: int) -> Tally:
        """Count the rows of a send by state and by reason, as they really are."""

    def count_answered(self, send_id: int) -> int:
        """Count the people whom a server answered for good."""

    def last_moved(self, send_id: int) -> datetime | None:
        """Return when somebody's copy last came to another state; None before the first."""

    def anybody_waits(self, send_id: int) -> bool:
        """Return whether somebody is to get it whom no sender has claimed."""

    def first_frozen(self) -> datetime | None:
        """Return when the first audience of all was frozen; None before it."""

    def count_states(self, send_id: int) -> dict[DeliveryState, int]:
        """Count the people of a send by where their copy stands."""

    def reached(self, send_id: int) -> tuple[Reached, ...]:
        """Count the people who have each edition of a send, in the order in which those came."""

    def lines(self, send_id: int) -> Iterator[DeliveryLine]:
        """Yield each delivery of a send, as a report counts it."""

    def has_event(self, event: DeliveryEvent) -> bool:
        """Return whether an event was told before, under the same id or another one."""

    def record_event(
        self, event: DeliveryEvent, *, issue_id: str, subscriber_id: int, now: datetime
    ) -> bool:
        """Keep an event and move its delivery's row on; False when it was told before."""

    def event_counts(self, send_id: int) -> dict[EventKind, int]:
        """Count the deliveries of a send that had each kind of event."""

    def settle_by_events(self, send_id: int, now: datetime) -> int:
        """Settle each uncertain delivery that had an event; return how many those are."""
