"""Events are kept once, in any order, and only ever move a row on."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from newsletter.model.delivery import (
    DeliveryEvent,
    DeliveryState,
    EventKind,
    Process,
    Result,
    Send,
)
from newsletter.store.ledger import SqlLedger
from newsletter.store.provider_events import SqlDeliveryEvents, delivery_events
from newsletter.store.senders import SqlSenders
from newsletter.store.tallies import SqlTallies
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
        self.events = SqlDeliveryEvents(engine)
        self.senders = SqlSenders(engine, None)
        self.tallies = SqlTallies(engine)
        self.send: Send = SqlLedger(engine, None).freeze(
            ISSUE,
            digest="d" * 64,
            editions={"en": "e" * 64},
            judge=lambda subscriber, is_suppressed: "en",
            now=NOW,
        )
        here = Process(host="here", pid=1)
        self.sender = self.senders.join(self.send.id, here, now=NOW, lease=timedelta(minutes=2))
        (self.person,) = self.exchange(want=1).people

    def exchange(self, *results: Result, want: int = 0):
        begun = self.senders.begin_exchange(
            self.send.id,
            self.sender,
            list(results),
            want=want,
            now=NOW,
            barrier=lambda state, paused_until, is_suppressed: None,
            newest_stop=0,
            versions=["e" * 64],
        )
        begun.commit()
        return begun.taken

    def accept(self) -> None:
        state = DeliveryState.ACCEPTED
        self.exchange(Result(delivery_ids=(self.person.delivery_id,), state=state))

    def tell(self, told: DeliveryEvent) -> bool:
        return self.events.record(told, issue_id=ISSUE, subscriber_id=1, now=NOW)

    def die(self) -> None:
        self.senders.end_expired(self.send.id, now=NOW, is_gone=lambda process: True)

    @property
    def state(self) -> DeliveryState:
        (state,) = self.tallies.tally(self.send.id).states
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
    assert not told.events.is_known(first)
    assert told.tell(first)
    assert not told.tell(first)
    renamed = event(EventKind.DELIVERED, event_id="two")
    assert told.events.is_known(renamed)
    assert not told.tell(renamed)
    later = event(EventKind.DELIVERED, event_id="one", happened_at=NOW + timedelta(hours=1))
    assert told.events.is_known(later)
    assert not told.tell(later)
    with told.engine.begin() as connection:
        assert connection.execute(select(func.count(delivery_events.c.id))).scalar() == 1


def test_an_unknown_kind_is_kept_and_moves_nothing(told: Told) -> None:
    told.accept()
    assert told.tell(event(EventKind.OTHER, raw='{"event": "new"}'))
    assert told.state is DeliveryState.ACCEPTED
    assert told.events.counts(told.send.id) == {EventKind.OTHER: 1}


def test_an_event_settles_somebody_uncertain_and_says_so(told: Told) -> None:
    told.die()
    told.tell(event(EventKind.PROCESSED))
    assert told.state is DeliveryState.ACCEPTED
    (settled,) = told.tallies.settlements(told.send.id)
    assert settled.evidence == "the event processed"


def test_an_event_during_the_hand_over_settles_it_when_the_sender_dies(told: Told) -> None:
    told.tell(event(EventKind.PROCESSED))
    assert told.state is DeliveryState.CLAIMED
    told.die()
    assert told.events.settle_uncertain(told.send.id, NOW) == 1
    assert told.state is DeliveryState.ACCEPTED


def test_an_event_that_overtakes_the_answer_does_not_disturb_the_sender(told: Told) -> None:
    told.tell(event(EventKind.DELIVERED))
    told.accept()
    assert told.state is DeliveryState.DELIVERED


def test_an_event_about_nobody_here_is_kept(told: Told) -> None:
    kept = told.events.record(
        event(EventKind.BOUNCED), issue_id="2020-W01", subscriber_id=9, now=NOW
    )
    assert kept
    assert told.state is DeliveryState.CLAIMED
