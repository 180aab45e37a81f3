"""People who asked for the digest, and what they asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class SubscriberState(StrEnum):
    """Where someone stands. Someone who left is not a row at all, only a suppression."""

    PENDING = "pending"  # asked, not yet confirmed
    CONFIRMED = "confirmed"
    BOUNCED = "bounced"


class Frequency(StrEnum):
    """How often someone wants mail."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    URGENT = "urgent"  # bulletins only


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscriber:
    """One address. Empty `topics` or `regions` mean all. `discreet` asks for a neutral From and
    subject. No IP address and no name is kept."""

    id: int
    address: str
    language: str
    state: SubscriberState
    frequency: Frequency = Frequency.WEEKLY
    topics: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    discreet: bool = False
    paused_until: date | None = None
    joined_at: datetime | None = None
    confirmed_at: datetime | None = None
    proof: str = ""


class SuppressionReason(StrEnum):
    """Why an address must never be mailed again."""

    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"
