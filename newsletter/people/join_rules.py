"""The rules of joining: what a request leads to, given who is on the list already."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from newsletter.model.subscriber import (
    NOT_STORED,
    Frequency,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)

# How the proof of somebody who joined through the page begins, and what confirming adds to it.
ASKED = "asked on the public page"
CONFIRMED = "; confirmed by the mailed link"
CONFIRM_WITHIN = timedelta(days=7)
ASK_AGAIN_AFTER = timedelta(minutes=10)  # nobody's mailbox is filled through our form


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What someone typed into a form. `wording` names the words they agreed to."""

    address: str
    language: str
    frequency: Frequency = Frequency.WEEKLY
    topics: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    discreet: bool = False
    wording: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskToConfirm:
    """Store this row (new when its id is NOT_STORED) and mail a link to confirm."""

    person: Subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class Remind:
    """They are on the list: mail them that, and where to change their choices."""

    person: Subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class StaySilent:
    """Mail nothing; `reason` is for the log and names nobody."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StayDiscreet:
    """Store this row, and mail nothing: whatever leaves from now on has a neutral sender."""

    person: Subscriber


Answer = AskToConfirm | Remind | StaySilent | StayDiscreet


def answer_request(
    wish: Wish, known: Subscriber | None, kept_out: SuppressionReason | None, now: datetime
) -> Answer:
    """Decide what a request to join leads to. The page says the same whatever this is."""
    if known is not None and known.state is SubscriberState.CONFIRMED:
        return Remind(person=known)
    if kept_out is SuppressionReason.COMPLAINED:
        return StaySilent(reason="complained before")
    asked_at = known.joined_at if known and known.state is SubscriberState.PENDING else None
    if known and asked_at is not None and now - asked_at < ASK_AGAIN_AFTER:
        if wish.discreet and not known.discreet:  # ticked at the second look
            return StayDiscreet(person=replace(known, discreet=True))
        return StaySilent(reason="asked a moment ago")
    wished = asdict(wish)
    wording = wished.pop("wording")
    asked = Subscriber(
        **wished,
        id=NOT_STORED if known is None else known.id,
        state=SubscriberState.PENDING,
        joined_at=now,
        proof=f"{ASKED} ({wish.language}, wording {wording})",
    )
    return AskToConfirm(person=asked)


def confirmed(person: Subscriber, now: datetime) -> Subscriber:
    """Return the person after pressing the button behind the mailed link."""
    proof = f"{person.proof}{CONFIRMED}"
    return replace(person, state=SubscriberState.CONFIRMED, confirmed_at=now, proof=proof)


def proven(
    asked: Subscriber | None, kept_out: SuppressionReason | None, *, proof: str, at: datetime | None
) -> Subscriber | None:
    """Return who had asked, confirmed by the proof that an editor or a list has; what they chose
    themselves stays. None for whoever does not wait for that: nobody, on the list, or kept out."""
    if asked is None or asked.state is not SubscriberState.PENDING or kept_out is not None:
        return None
    return replace(asked, state=SubscriberState.CONFIRMED, confirmed_at=at, proof=proof)
