"""People who asked for the digest, and what they asked for."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

NOT_STORED = 0


def folded(address: str) -> str:
    """Return the form in which addresses are compared: Ana@ and ana@ are one person.

    Not case folding, which makes one of straße.example and strasse.example: they are two domains
    (RFC 5891), and the second person would be told that they are on the list, and get nothing.
    """
    return address.lower()


class SubscriberState(StrEnum):
    """How far someone got. Someone who left is not a row at all, only a suppression."""

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
    subject. `proof` says where and when the person agreed. No IP address and no name is kept.

    `id` is NOT_STORED until the store gives one; it is never given twice."""

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
    """Why an address must never be mailed again, unless its owner asks for it again."""

    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"

    @property
    def keeps_row(self) -> bool:
        """Whether the row stays: editors ask people whose mail bounced for a new address."""
        return self is SuppressionReason.BOUNCED


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """What became of people handed to the store: each address is in exactly one of these."""

    added: int
    known: frozenset[str] = frozenset()
    suppressed: frozenset[str] = frozenset()


class Purpose(StrEnum):
    """What a link is for, which is also its place: `/leave/TOKEN`."""

    LEAVE = "leave"
    PREFERENCES = "preferences"
    CONFIRM = "confirm"
    DATA = "data"
    SIGN_UP = "subscribe"  # whose visitors are many people: a clinic's tablet
