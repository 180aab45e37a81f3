"""Who presses Ctrl-C means everyone: nothing goes on by itself until somebody sends it again."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.errors import AttentionError
from newsletter.model.delivery import DeliveryState, SendState
from newsletter.model.ledger import Process
from newsletter.sending import send_control
from newsletter.sending.begin_send import SendOptions
from newsletter.sending.send import SendOutcome, run
from newsletter.sending.send_plan import SendParts, plan
from newsletter.sending.stop_signal import StopSignal
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.processes import until
from tests.sending.parts import ISSUE, add_people, ignore, send_all
from tests.sending.test_send import Clock, Holding, Recording, around, states


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(made)
    add_people(made, 5)
    return made


def stopped_after_two(parts: SendParts, transport: Recording, *, for_all: bool) -> SendOutcome:
    """A send that is asked to end while the second person gets it."""
    stop = StopSignal()

    def ask(message: object) -> None:
        if len(transport.messages) == 1:
            stop.ask(for_all=for_all)

    transport.before = ask
    return run(parts, plan(parts, ISSUE), on_settled=ignore, stop=stop)


def test_ctrl_c_stops_the_send_and_sending_it_again_continues(engine: Engine) -> None:
    transport = Recording()
    parts = around(engine, transport)
    outcome = stopped_after_two(parts, transport, for_all=True)
    assert outcome.send.state is SendState.STOPPED
    assert outcome.needs_attention
    assert outcome.tally.states == {DeliveryState.ACCEPTED: 2, DeliveryState.WAITING: 3}
    assert parts.ledger.unfinished(parts.clock()) == ()
    with pytest.raises(AttentionError, match="is stopped"):
        run(
            parts,
            plan(parts, ISSUE),
            on_settled=ignore,
            options=SendOptions(by_itself=True),
        )
    assert len(transport.messages) == 2

    transport.before = lambda message: None
    assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: 5}


def test_a_stopped_send_that_stood_still_asks_before_it_goes_on(engine: Engine) -> None:
    """It may have gone on elsewhere, and this be a copy from before."""
    transport, clock = Recording(), Clock()
    parts = replace(around(engine, transport), clock=clock)
    stopped_after_two(parts, transport, for_all=True)
    assert plan(parts, ISSUE).warnings == ()
    clock.now += timedelta(hours=2)
    (warning,) = plan(parts, ISSUE).warnings
    assert "stood still for 2 hours" in warning


def test_sigterm_stops_nobody_else(engine: Engine) -> None:
    transport = Recording()
    parts = around(engine, transport)
    assert stopped_after_two(parts, transport, for_all=False).send.state is SendState.RUNNING
    assert [send.issue_id for send in parts.ledger.unfinished(parts.clock())] == [ISSUE]


@pytest.mark.parametrize("has_worker", [False, True])
def test_ctrl_c_leaves_others_at_it_but_for_workers(engine: Engine, *, has_worker: bool) -> None:
    transport = Recording()
    parts = replace(around(engine, transport), has_worker=lambda: has_worker)
    elsewhere = Process(host="elsewhere", pid=1)

    def join_too(message: object) -> None:
        send = parts.ledger.find(ISSUE)
        assert send is not None
        parts.ledger.join(send.id, elsewhere, now=parts.clock(), lease=timedelta(minutes=2))

    stop = StopSignal()

    def ask(message: object) -> None:
        if not transport.messages:
            join_too(message)
            stop.ask(for_all=True)
            if has_worker:  # the others stop within a second, not when this one is done
                until(lambda: states_of(parts) is SendState.STOPPED)

    transport.before = ask
    outcome = run(parts, plan(parts, ISSUE), on_settled=ignore, stop=stop)
    assert outcome.send.state is (SendState.STOPPED if has_worker else SendState.RUNNING)
    assert outcome.others == 1
    assert outcome.needs_attention is has_worker


def states_of(parts: SendParts) -> SendState:
    send = parts.ledger.find(ISSUE)
    assert send is not None
    return send.state


def test_ctrl_c_after_the_last_one_leaves_it_finished(engine: Engine) -> None:
    transport = Recording()
    parts = around(engine, transport)
    stop = StopSignal()
    transport.before = lambda message: (
        stop.ask(for_all=True) if len(transport.messages) == 4 else None
    )
    outcome = run(parts, plan(parts, ISSUE), on_settled=ignore, stop=stop)
    assert outcome.send.state is SendState.FINISHED
    assert not outcome.needs_attention


def test_a_stopped_send_can_be_cancelled_and_resumed(engine: Engine) -> None:
    transport = Recording()
    parts = around(engine, transport)
    stopped_after_two(parts, transport, for_all=True)
    assert send_control.under_way(parts, "cancel") == ISSUE
    transport.before = lambda message: None
    send_control.resume(parts, ISSUE)
    assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: 5}
    assert states(parts) == {DeliveryState.ACCEPTED: 5}


def test_of_two_that_begin_at_once_one_name_counts_for_what_is_held(engine: Engine) -> None:
    """What leaves under another one could not be recalled."""

    class Second(Holding):
        def hold(self, hold_id: str | None) -> str:
            if not self.held:  # another sender has just told the ledger
                send = parts.ledger.find(ISSUE)
                assert send is not None
                assert parts.ledger.set_hold_id(send.id, "hold-of-the-other") == "hold-of-the-other"
            return super().hold(hold_id)

    transport = Second()
    parts = around(engine, transport)
    send_all(parts)
    send = parts.ledger.find(ISSUE)
    assert send is not None
    assert send.hold_id == "hold-of-the-other"
    assert transport.held == [None, "hold-of-the-other"]
