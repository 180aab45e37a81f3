"""Events are kept once, in any order, and only ever move a row on."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from newsletter.model.delivery import DeliveryEvent, DeliveryState, EventKind, Send
from newsletter.model.ledger import BatchRequest, BatchResult, NewSend, Process, Result
from newsletter.store.ledger import SqlLedger
from newsletter.store.provider_events import delivery_events
from tests.sending.parts import ISSUE, add_people

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def event(kind: EventKind, **changes: object) -> DeliveryEvent:
    fields = {"kind": kind, "token": "t", "happened_at": NOW, "message": "m"}
    return DeliveryEvent(**{**fields, **changes})


class Told:
    """One person's delivery, being handed over, and the events about it."""

    def __init__(self, engine: Engine) -> None:
        add_people(engine, 1)
        self.engine = engine
        self.ledger = SqlLedger(engine, None)
        new = NewSend(issue_id=ISSUE, digest="d" * 64, editions={"en": "e" * 64})
        self.send: Send = self.ledger.freeze(new, lambda person: "en", now=NOW)
        here = Process(host="here", pid=1)
        self.sender = self.ledger.join(self.send.id, here, now=NOW, lease=timedelta(minutes=2))
        (self.person,) = self.batch(want=1).people

    def batch(self, *results: Result, want: int = 0) -> BatchResult:
        request = BatchRequest(
            send_id=self.send.id,
            sender=self.sender,
            results=results,
            want=want,
            now=NOW,
            newest_stop=0,
            versions=["e" * 64],
        )
        batch = self.ledger.begin_batch(request, lambda state, paused_until, is_suppressed: None)
        batch.commit()
        return batch.result

    def accept(self) -> None:
        state = DeliveryState.ACCEPTED
        self.batch(Result(delivery_ids=(self.person.delivery_id,), state=state))

    def tell(self, told: DeliveryEvent) -> bool:
        return self.ledger.record_event(told, issue_id=ISSUE, subscriber_id=1, now=NOW)

    def die(self) -> None:
        self.ledger.end_expired(self.send.id, now=NOW, is_gone=lambda process: True)

    @property
    def state(self) -> DeliveryState:
        (state,) = self.ledger.tally(self.send.id).states
        return state


@pytest.fixture
def told(engine: Engine) -> Told:
    return Told(engine)


@pytest.mark.parametrize(
    "order",
    list(itertools.permutations([EventKind.PROCESSED, EventKind.DELIVERED, EventKind.COMPLAINED])),
)
def test_events_end_the_same_in_any_order(told: Told, order: tuple[EventKind, ...]) -> None:
    told.accept()
    for kind in order:
        assert told.tell(event(kind))
    assert told.state is DeliveryState.COMPLAINED


def test_an_event_is_kept_once_by_id_and_by_what_it_says(told: Told) -> None:
    told.accept()
    first = event(EventKind.DELIVERED, event_id="one")
    assert not told.ledger.has_event(first)
    assert told.tell(first)
    assert not told.tell(first)
    renamed = event(EventKind.DELIVERED, event_id="two")
    assert told.ledger.has_event(renamed)
    assert not told.tell(renamed)
    later = event(EventKind.DELIVERED, event_id="one", happened_at=NOW + timedelta(hours=1))
    assert told.ledger.has_event(later)
    assert not told.tell(later)
    with told.engine.begin() as connection:
        assert connection.execute(select(func.count(delivery_events.c.id))).scalar() == 1


def test_an_unknown_kind_is_kept_and_moves_nothing(told: Told) -> None:
    told.accept()
    assert told.tell(event(EventKind.OTHER, raw='{"event": "new"}'))
    assert told.state is DeliveryState.ACCEPTED
    assert told.ledger.event_counts(told.send.id) == {EventKind.OTHER: 1}


def test_an_event_settles_somebody_uncertain_and_says_so(told: Told) -> None:
    told.die()
    told.tell(event(EventKind.PROCESSED))
    assert told.state is DeliveryState.ACCEPTED
    (settled,) = told.ledger.settlements(told.send.id)
    assert settled.evidence == "the event processed"


def test_an_event_during_the_hand_over_settles_it_when_the_sender_dies(told: Told) -> None:
    told.tell(event(EventKind.PROCESSED))
    assert told.state is DeliveryState.CLAIMED
    told.die()
    assert told.ledger.settle_by_events(told.send.id, NOW) == 1
    assert told.state is DeliveryState.ACCEPTED


def test_an_event_that_overtakes_the_answer_does_not_disturb_the_sender(told: Told) -> None:
    told.tell(event(EventKind.DELIVERED))
    told.accept()
    assert told.state is DeliveryState.DELIVERED


def test_an_event_about_nobody_here_is_kept(told: Told) -> None:
    kept = told.ledger.record_event(
        event(EventKind.BOUNCED), issue_id="2020-W01", subscriber_id=9, now=NOW
    )
    assert kept
    assert told.state is DeliveryState.CLAIMED
