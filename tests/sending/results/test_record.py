"""Events act once, in any order, and only on people of ours."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.model.delivery import DeliveryEvent, DeliveryState, EventKind
from newsletter.model.subscriber import SubscriberState, SuppressionReason
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.results.record import EventRecorder, Recorded
from newsletter.sending.send_plan import SendParts
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from newsletter.store.subscribers import SqlSubscribers
from tests.sending.parts import ISSUE, KEY, add_people, make_parts, send_all
from tests.sending.test_send import Recording

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TOKENS = DeliveryTokens([KEY])


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[SendParts]:
    engine: Engine = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(engine)
    add_people(engine, 2)
    transport = Recording()
    made = make_parts(engine, lambda splicer: transport)
    send_all(made)
    yield made
    engine.dispose()


def event(kind: EventKind, person: int = 1) -> DeliveryEvent:
    token = TOKENS.token(ISSUE, person)
    return DeliveryEvent(kind=kind, token=token, happened_at=NOW, event_id=f"{kind}{person}")


def tell(parts: SendParts, *events: DeliveryEvent) -> Recorded:
    return EventRecorder(
        ledger=parts.ledger, people=parts.people, tokens=TOKENS, came_back=lambda *_: False
    ).record(events, NOW)


@pytest.mark.parametrize(
    ("kind", "reason", "state"),
    [
        (EventKind.BOUNCED, SuppressionReason.BOUNCED, DeliveryState.BOUNCED),
        (EventKind.COMPLAINED, SuppressionReason.COMPLAINED, DeliveryState.COMPLAINED),
        (EventKind.LEFT, SuppressionReason.LEFT, DeliveryState.DELIVERED),
    ],
)
def test_who_cannot_or_does_not_want_to_be_mailed_is_not(
    parts: SendParts, kind: EventKind, reason: SuppressionReason, state: DeliveryState
) -> None:
    assert tell(parts, event(kind)) == Recorded(new=1, suppressed=1)
    assert parts.people.suppression("person1@example.org") is reason
    assert parts.people.suppression("person2@example.org") is None
    assert parts.ledger.tally(1).states == {state: 1, DeliveryState.ACCEPTED: 1}


def test_a_soft_bounce_is_counted_and_ends_nothing(parts: SendParts) -> None:
    assert tell(parts, event(EventKind.BLOCKED)) == Recorded(new=1)
    assert parts.people.suppression("person1@example.org") is None
    assert parts.ledger.event_counts(1) == {EventKind.BLOCKED: 1}


def test_an_old_event_told_again_does_not_end_someone_who_came_back(parts: SendParts) -> None:
    tell(parts, event(EventKind.BOUNCED))
    people = parts.people
    assert isinstance(people, SqlSubscribers)
    person = people.by_address("person1@example.org")
    assert person is not None
    people.readmit(replace(person, state=SubscriberState.CONFIRMED))
    assert tell(parts, event(EventKind.BOUNCED)) == Recorded(repeated=1)
    assert parts.people.suppression("person1@example.org") is None


def test_forged_names_of_deliveries_reach_nobody(parts: SendParts) -> None:
    forged = replace(event(EventKind.COMPLAINED), token="0" * 32)
    assert tell(parts, forged) == Recorded(foreign=1)
