"""What a sender and the ledger tell each other."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from newsletter.model.delivery import DeliveryState, SendState
from newsletter.model.subscriber import SubscriberState


@dataclass(frozen=True, kw_only=True, slots=True)
class Process:
    """A running program, so that another one on the same machine can see whether it still runs.

    `started` tells two processes with the same number apart; empty where that cannot be known.
    """

    host: str
    pid: int
    started: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSend:
    """An approved issue whose audience is to be frozen. `editions` maps languages to digests;
    `due_at`, `rate` and `corrects` are as in Send. The candidates of a correction are those who
    have one of the editions `wrong`, by digest."""

    issue_id: str
    digest: str
    editions: Mapping[str, str]
    due_at: datetime | None = None
    rate: float | None = None
    corrects: str | None = None
    wrong: frozenset[str] = frozenset()


class ClaimedDelivery(NamedTuple):
    """A person whose copy is about to be handed over. `language` is the edition's.

    A tuple, being made for each of a million people: a frozen dataclass takes twice as long.

    `has_slot`: was put off to a time of its own, for its domain's sake, and that time has come.
    `was_refused`: waits again, for it was refused when everyone was.
    """

    delivery_id: int
    subscriber_id: int
    address: str
    language: str
    attempts: int
    first_tried_at: datetime | None
    discreet: bool = False
    has_slot: bool = False
    was_refused: bool = False


class Result(NamedTuple):
    """What is written to rows after a hand-over: the same to each. `retry_at` only when they are to
    be tried again; `counts` when it was an attempt. A tuple: each person's is hashed."""

    delivery_ids: tuple[int, ...]
    state: DeliveryState
    provider_id: str = ""
    code: str = ""
    reason: str = ""
    retry_at: datetime | None = None
    counts: bool = True


class DayShare(NamedTuple):
    """How many mails may leave on a day, over all sends, senders and machines."""

    day: date
    begins: datetime
    mails: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchRequest:
    """Outcomes to record and up to `want` people to claim, in one transaction.

    `newest_stop` is the number of the newest withdrawal that consent was asked after; `versions`
    are the digests of the editions that this sender has. `still_held` names the claims that the
    sender knows of, where the request may have been heard before: any other one of its claims is
    given back. Whoever is claimed takes of the `share`, and whoever is put off gives back.
    """

    send_id: int
    sender: int
    results: Sequence[Result]
    want: int
    now: datetime
    newest_stop: int
    versions: Collection[str]
    still_held: Collection[int] | None = None
    share: DayShare | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchResult:
    """What the ledger gave for one request. Without people, `wait` is as in a transport's Claim.

    `newest_stop` is the number of the newest withdrawal of a story. With `outdated` nobody was
    given: in these languages people wait for another version than the sender has. `twice`: how many
    of the outcomes were of people whom another sender has, or had, as well. `share_is_spent`:
    people wait, and nobody was given, for nothing is left of the day's share.
    """

    people: tuple[ClaimedDelivery, ...]
    state: SendState
    newest_stop: int = 0
    skipped: int = 0
    wait: float | None = None
    outdated: frozenset[str] = frozenset()
    twice: int = 0
    share_is_spent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenBatch:
    """A batch before its commit: nobody in `result` may be mailed until `commit`, which waits for
    the disk and may run on any thread, has returned."""

    result: BatchResult
    commit: Callable[[], None]


class Reached(NamedTuple):
    """How many people have an edition, by its language and digest."""

    language: str
    digest: str
    people: int


class Missed(NamedTuple):
    """Somebody who is known never to have got it, or is uncertain, and how they stand now."""

    delivery_id: int
    state: DeliveryState
    code: str
    standing: SubscriberState | None  # None: left since
    paused_until: date | None
    is_suppressed: bool


class DeliveryLine(NamedTuple):
    """One delivery, as a report counts it. `domain` is empty for someone who left since."""

    language: str
    domain: str
    state: DeliveryState
    code: str
    reason: str


class Mailed(NamedTuple):
    """What one person was sent, or is to be sent: for their data request. `at` is when it left."""

    issue_id: str
    language: str
    state: DeliveryState
    at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class UncertainDelivery:
    """Someone who may or may not have got it. `address` is None when they left since."""

    delivery_id: int
    subscriber_id: int
    address: str | None
    since: datetime
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftBehind:
    """How many senders of a send are at work, and the people in the hands of those that died."""

    living: int
    people: tuple[UncertainDelivery, ...]
