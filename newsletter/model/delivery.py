"""The ledger's words: who is to get an issue, and how it went for each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where one person's copy stands. A row is written before and after each hand-over."""

    WAITING = "waiting"  # not yet tried, or to be tried again
    CLAIMED = "claimed"  # being handed over at this moment
    ACCEPTED = "accepted"  # the next server took it
    REFUSED = "refused"  # the next server said no for good
    UNCERTAIN = "uncertain"  # handed over, and nobody heard the answer
    SKIPPED = "skipped"  # an editor decided, or consent or subscription ended meanwhile
    DELIVERED = "delivered"  # an event says the mailbox has it
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class ExclusionReason(StrEnum):
    """Why someone is not in an audience."""

    UNCONFIRMED = "unconfirmed"
    SUPPRESSED = "suppressed"
    BOUNCED = "bounced"
    LANGUAGE = "language"
    TOPIC = "topic"
    REGION = "region"
    FREQUENCY = "frequency"
    PAUSED = "paused"
    JOINED_LATER = "joined later"
    LEFT = "left"  # got what a correction corrects, and left since
    UNCERTAIN = "uncertain"  # may or may not have got what a correction corrects


class Fault(StrEnum):
    """Whose fault a refusal is. Only the first ends a reader."""

    ADDRESS = "address"  # the reader's mailbox or domain is not there, or closed
    MAILBOX = "mailbox"  # it is there, and cannot take this message: full, or this one too large
    OURS = "ours"  # our relay, our settings, our name: wrong for everyone
    CONTENT = "content"
    LIMIT = "limit"  # we may send more later: so many an hour, so many connections
    MOMENT = "moment"  # nobody's: greylisting, a server in trouble


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The next server took it; `provider_id` is its name for the message."""

    provider_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """No, for good. `code` is the enhanced status (5.1.1) or the provider's; `fault` is None where
    nobody can say whose it is."""

    reason: str
    code: str = ""
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Deferred:
    """Not now: try again later. `fault` as in Refused."""

    reason: str
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Uncertain:
    """Handed over, and nobody heard the answer. Never retried by itself."""

    reason: str


Outcome = Accepted | Refused | Deferred | Uncertain

REFUSED_BEFORE = "refused as everyone was"  # the reason of a row that waits again for that
SLOT_GIVEN = "waits for its domain's turn"  # the reason of a row that was put off for that


class TransportKind(StrEnum):
    """The ways for mail to leave, by their names in the settings."""

    OUTBOX = "outbox"  # files, and nobody is mailed
    SMTP = "smtp"
    SENDGRID = "sendgrid"


class SendState(StrEnum):
    """Where the sending of an issue stands."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"  # whoever sent it stopped it: it goes on when somebody sends it again
    CANCELLED = "cancelled"
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """The sending of one issue. Once frozen, `candidates = audience + exclusions`.

    `rate` is in messages a second over all senders; `due_at` is when a scheduled one starts; mail
    that the provider holds can be recalled under the name `hold_id`. A correction names the issue
    that it `corrects`: its candidates are those who got that one.
    """

    id: int
    issue_id: str
    state: SendState
    digest: str
    frozen_at: datetime
    candidates: int
    audience: int
    excluded: int
    due_at: datetime | None = None
    rate: float | None = None
    finished_at: datetime | None = None
    hold_id: str | None = None
    corrects: str | None = None

    @property
    def is_over(self) -> bool:
        """Return whether nobody else gets it."""
        return self.state in (SendState.FINISHED, SendState.CANCELLED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settlement:
    """How an uncertain one was settled: what it became, by what evidence and by whose choice."""

    delivery_id: int
    became: DeliveryState
    evidence: str
    decided_by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The ledger of a send, counted. `twice` is how many people are both in and out of it."""

    states: dict[DeliveryState, int]
    exclusions: dict[ExclusionReason, int]
    twice: int
    abandoned: int

    @property
    def audience(self) -> int:
        """Count the rows of people who are to get it."""
        return sum(self.states.values())

    @property
    def excluded(self) -> int:
        """Count the rows of people who are not."""
        return sum(self.exclusions.values())

    @property
    def open(self) -> int:
        """Count the people who are still to be tried, or being tried."""
        return sum(self.states.get(state, 0) for state in OPEN_STATES)


OPEN_STATES = (DeliveryState.WAITING, DeliveryState.CLAIMED)
# Who has it, as far as anybody knows.
ARRIVED_STATES = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.COMPLAINED)
# A server answered for good: nobody leaves these states again but for a later one of them.
ANSWERED_STATES = (
    DeliveryState.ACCEPTED,
    DeliveryState.REFUSED,
    DeliveryState.DELIVERED,
    DeliveryState.BOUNCED,
    DeliveryState.COMPLAINED,
)


# What the record of a second try begins with: before it, a server had answered for that person.
AFTER_ANSWER = "sent again after: "


class EventKind(StrEnum):
    """What became of a message after it was accepted, in our words."""

    PROCESSED = "processed"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED = "bounced"  # the address does not work
    BLOCKED = "blocked"  # this message was not taken; the address may work (a soft bounce)
    DROPPED = "dropped"  # the provider never tried
    COMPLAINED = "complained"
    LEFT = "left"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryEvent:
    """What a provider, or a returned message, says of one delivery. `token` names the delivery.

    `event_id` is the provider's name for the event, empty when it gives none; `message` its name
    for the message. `raw` is the event as it came, without the reader's address.
    """

    kind: EventKind
    token: str
    happened_at: datetime
    event_id: str = ""
    message: str = ""
    code: str = ""
    reason: str = ""
    raw: str = ""

    @property
    def fingerprint(self) -> str:
        """Return a text that is the same for one thing told under two ids."""
        return f"{self.token} {self.message} {self.kind.value} {self.happened_at.isoformat()}"
