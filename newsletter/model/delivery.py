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


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The next server took it; `provider_id` is its name for the message."""

    provider_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """No, for good. `code` is the enhanced status (5.1.1) or the provider's."""

    reason: str
    code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deferred:
    """Not now: try again, not before `retry_at`."""

    reason: str
    retry_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Uncertain:
    """Handed over, and nobody heard the answer. Never retried by itself."""

    reason: str


Outcome = Accepted | Refused | Deferred | Uncertain


class SendState(StrEnum):
    """Where the sending of an issue stands."""

    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"
