"""Everything that can go wrong between us and a mail server ends in a right ledger.

The server is real, on loopback, and writes down what it accepted; no fault is imitated in our code.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select

from newsletter.errors import ServiceError, StoreError
from newsletter.model.delivery import DeliveryState
from newsletter.sending.results.audit import audit, problems_of
from newsletter.sending.send import outcome, run
from newsletter.sending.send_plan import SendParts, SplicerFor, plan
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.smtp import Smtp
from newsletter.sending.transports.smtp_session import Server
from newsletter.sending.transports.transport import Transport
from newsletter.store.database import open_engine
from newsletter.store.deliveries import deliveries
from tests.processes import PATIENCE
from tests.sending.conftest import PEOPLE
from tests.sending.parts import ISSUE, SENDER, add_people, ignore, limited, make_parts, send_all
from tests.sending.recorder import Answer, Recorder, Running


class Hurried:
    """A clock that a wait moves on, so that minutes of back-off take no time."""

    def __init__(self, step: timedelta = timedelta(seconds=0.5)) -> None:
        self.ahead = timedelta()
        self.step = step

    def __call__(self) -> datetime:
        self.ahead += self.step
        return datetime.now(UTC) + self.ahead


def over_smtp(running: Running, **more: object) -> Callable[[SplicerFor], Transport]:
    fields: dict[str, object] = {
        "security": "none",
        "command_seconds": PATIENCE,
        "data_seconds": PATIENCE,
    }
    patience = more.pop("patience", 30.0)
    connections = more.pop("connections", 3)
    server = Server(host="127.0.0.1", port=running.port, **{**fields, **more})
    return lambda splicer: Smtp(
        server, splicer, sender=SENDER.address, connections=connections, patience=patience
    )


def parts_for(engine: Engine, running: Running, **more: object) -> SendParts:
    made = make_parts(engine, over_smtp(running, **more), clock=Hurried())
    return limited(made, longest_wait=0.01)


def ledger_is_right(parts: SendParts, running: Running) -> dict[DeliveryState, int]:
    """Nobody twice; accepted and uncertain between them are what the server has."""
    found = audit(parts, ISSUE)
    assert problems_of(found.send, found.tally) == ()
    assert [address for address, times in running.accepted.items() if times > 1] == []
    states = found.tally.states
    took = running.accepted.total()
    sure = states.get(DeliveryState.ACCEPTED, 0)
    assert sure <= took <= sure + states.get(DeliveryState.UNCERTAIN, 0)
    return states


def only_once(stage: str, reply: bytes, *, each: bool = True) -> Answer:
    """That reply at that stage, the first time that each person (or anybody) gets there."""
    seen: set[str] = set()

    def answer(asked: str, recipient: str) -> bytes | None:
        key = recipient if each else ""
        if asked != stage or key in seen:
            return None
        seen.add(key)
        return reply

    return answer


def test_greylisting_delays_everyone_and_loses_nobody(engine: Engine, server: Running) -> None:
    server.answer = only_once("RCPT", b"451 4.7.1 greylisted, try again\r\n")
    parts = parts_for(engine, server)
    send_all(parts)
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}


def test_one_in_ten_refused_is_one_in_ten_refused(engine: Engine, server: Running) -> None:
    def answer(stage: str, recipient: str) -> bytes | None:
        refused = stage == "RCPT" and recipient.startswith(("person10@", "person20@", "person30@"))
        return b"550 5.1.1 no such user\r\n" if refused else None

    server.answer = answer
    parts = parts_for(engine, server)
    send_all(parts)
    expected = {DeliveryState.ACCEPTED: PEOPLE - 3, DeliveryState.REFUSED: 3}
    assert ledger_is_right(parts, server) == expected
    # A live 550 is a bounce: those addresses are not mailed again.
    assert parts.people.suppression("person10@example.org") is not None
    assert parts.people.suppression("person11@example.org") is None


def test_the_ledger_keeps_no_address_that_the_server_repeats(
    engine: Engine, server: Running
) -> None:
    def answer(stage: str, recipient: str) -> bytes | None:
        name = recipient.partition("@")[0]
        reply = f"550 5.1.1 <{recipient}>: no {name} here\r\n".encode()
        return reply if stage == "RCPT" and name == "person10" else None

    server.answer = answer
    parts = parts_for(engine, server)
    send_all(parts)
    with engine.connect() as connection:
        kept = connection.scalars(select(deliveries.c.reason).where(deliveries.c.code == "5.1.1"))
        assert list(kept) == ["RCPT: 550 5.1.1 <(address)>: no (address) here"]
    assert parts.people.suppression("person10@example.org") is not None


def test_content_that_is_refused_is_refused_but_the_address_is_not_done_for(
    engine: Engine, server: Running
) -> None:
    def answer(stage: str, recipient: str) -> bytes | None:
        return b"550 too long\r\n" if stage == "DOT" and recipient.startswith("person7@") else None

    server.answer = answer
    parts = parts_for(engine, server)
    send_all(parts)
    assert ledger_is_right(parts, server)[DeliveryState.REFUSED] == 1
    assert parts.people.suppression("person7@example.org") is None


def test_a_server_that_drops_before_the_content_is_asked_again(
    engine: Engine, server: Running
) -> None:
    def answer(stage: str, recipient: str) -> bytes | None:
        if stage == "RCPT" and recipient.startswith("person5@") and not dropped:
            dropped.append(recipient)
            raise ConnectionResetError
        return None

    dropped: list[str] = []
    server.answer = answer
    parts = parts_for(engine, server)
    send_all(parts)
    assert dropped
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}


def test_a_server_that_drops_in_the_middle_of_the_content_leaves_nobody_wrongly_accepted(
    engine: Engine, server: Running
) -> None:
    server.answer = only_once("DATA", b"", each=False)
    parts = parts_for(engine, server)
    send_all(parts)
    states = ledger_is_right(parts, server)
    assert states[DeliveryState.ACCEPTED] >= PEOPLE - 1
    assert sum(states.values()) == PEOPLE


def test_a_server_that_drops_after_the_content_leaves_that_person_uncertain(
    engine: Engine, server: Running
) -> None:
    server.answer = only_once("DOT", b"", each=False)
    parts = parts_for(engine, server)
    send_all(parts)
    states = ledger_is_right(parts, server)
    assert states == {DeliveryState.ACCEPTED: PEOPLE - 1, DeliveryState.UNCERTAIN: 1}
    assert server.accepted.total() == PEOPLE


def test_a_server_that_says_goodbye_is_connected_to_again(engine: Engine, server: Running) -> None:
    server.answer = only_once("RCPT", b"421 4.3.2 going down\r\n", each=False)
    parts = parts_for(engine, server, connections=1)
    send_all(parts)
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}
    assert server.recorder.connections == 2


def test_a_server_without_pipelining_gets_one_command_at_a_time(
    engine: Engine, server: Running
) -> None:
    server.recorder.extensions = ()
    parts = parts_for(engine, server)
    send_all(parts)
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}


def test_no_answer_in_time_after_the_content_is_uncertain(engine: Engine, server: Running) -> None:
    def answer(stage: str, recipient: str) -> bytes | None:
        return Recorder.SILENCE if stage == "DOT" and recipient.startswith("person3@") else None

    server.answer = answer
    parts = parts_for(engine, server, data_seconds=8)
    send_all(parts)
    states = ledger_is_right(parts, server)
    assert states == {DeliveryState.ACCEPTED: PEOPLE - 1, DeliveryState.UNCERTAIN: 1}


def test_a_network_that_is_gone_for_a_while_is_waited_for(engine: Engine, server: Running) -> None:
    """The server closes its door and every connection, and comes back a moment later."""
    back = threading.Timer(1.5, server.come_back)

    def answer(stage: str, recipient: str) -> bytes | None:
        if recipient.startswith("person9@") and not back.is_alive() and not back.finished.is_set():
            server.server.close()
            back.start()
        if back.is_alive():
            raise ConnectionResetError
        return None

    server.answer = answer
    parts = parts_for(engine, server)
    send_all(parts)
    back.join()
    states = ledger_is_right(parts, server)
    assert states[DeliveryState.ACCEPTED] + states.get(DeliveryState.UNCERTAIN, 0) == PEOPLE


def test_a_server_that_was_never_there_is_a_wrong_setting(engine: Engine, server: Running) -> None:
    server.go_away()
    parts = parts_for(engine, server)
    with pytest.raises(ServiceError, match="no mail server"):
        send_all(parts)
    assert ledger_is_right(parts, server) == {DeliveryState.WAITING: PEOPLE}


def test_who_is_to_end_waits_for_no_server_that_is_away(engine: Engine, server: Running) -> None:
    stop = StopSignal()
    soon = threading.Timer(0.3, stop.ask)  # the server was looked for by then

    def answer(stage: str, recipient: str) -> bytes | None:
        if recipient.startswith("person9@"):
            server.server.close()
            soon.start()
            raise ConnectionResetError
        return None

    server.answer = answer
    parts = parts_for(engine, server, patience=PATIENCE, connections=1)
    ended = run(parts, plan(parts, ISSUE), on_settled=ignore, stop=stop)
    soon.join()
    assert ended.needs_attention
    assert DeliveryState.WAITING in ledger_is_right(parts, server)


def test_a_server_that_stays_away_ends_the_send_and_the_next_run_goes_on(
    engine: Engine, server: Running
) -> None:
    def answer(stage: str, recipient: str) -> bytes | None:
        if recipient.startswith("person9@"):
            server.server.close()
            raise ConnectionResetError
        return None

    server.answer = answer
    parts = parts_for(engine, server, patience=0.1)
    with pytest.raises(ServiceError, match="no mail server"):
        send_all(parts)
    assert DeliveryState.WAITING in ledger_is_right(parts, server)

    server.answer = lambda stage, recipient: None
    server.come_back()
    send_all(parts)
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}


def test_a_sender_address_that_is_refused_stops_the_send_and_refuses_nobody(
    engine: Engine, server: Running
) -> None:
    server.recorder.mail_reply = b"530 5.7.0 authentication required\r\n"
    parts = parts_for(engine, server)
    with pytest.raises(ServiceError, match="refuses the sender"):
        send_all(parts)
    assert ledger_is_right(parts, server) == {DeliveryState.WAITING: PEOPLE}


def test_what_is_not_a_mail_server_is_said_to_be_none(engine: Engine, server: Running) -> None:
    server.recorder.greeting = b"HTTP/1.1 400 Bad Request\r\n"
    with pytest.raises(ServiceError, match="not a mail server"):
        send_all(parts_for(engine, server))


def test_a_locked_database_is_waited_for_and_nobody_is_lost(
    engine: Engine, server: Running, tmp_path: Path
) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        connection.detach()  # the setting above must be every connection's: see `quick`

    @event.listens_for(engine, "connect")
    def quick(connection: sqlite3.Connection, record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50")

    engine.dispose()
    parts = limited(parts_for(engine, server), database_pauses=(0.05,) * 100)
    locked = threading.Event()
    other = closing(sqlite3.connect(tmp_path / "ledger.db", check_same_thread=False))

    def answer(stage: str, recipient: str) -> bytes | None:
        if stage == "DOT" and recipient.startswith("person5@") and not locked.is_set():
            locked.set()
            holder.execute("BEGIN IMMEDIATE")
            threading.Timer(0.5, holder.rollback).start()
        return None

    with other as holder:
        server.answer = answer
        send_all(parts)
    assert locked.is_set()
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}


def test_a_full_disk_leaves_what_could_not_be_written_down_uncertain(
    engine: Engine, server: Running, tmp_path: Path
) -> None:
    """SQLite finds no room for one more page, in the file itself: its own limit is the disk's."""
    add_people(engine, 270, start=PEOPLE + 1)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    small = open_engine("sqlite:///ledger.db", root=tmp_path)

    @event.listens_for(small, "connect")
    def little_room(connection: sqlite3.Connection, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 16}")

    # What the server says is kept, and makes the file grow.
    said = b"250 2.0.0 " + b"x" * 190 + b"\r\n"
    server.answer = lambda stage, recipient: said if stage == "DOT" else None
    parts = limited(parts_for(small, server), database_pauses=(0.01,))
    with pytest.raises(StoreError, match="disk is full"):
        send_all(parts)
    small.dispose()
    assert PEOPLE < server.accepted.total() < 300

    send_all(replace(parts_for(engine, server), is_gone=lambda process: True))  # room was made
    states = ledger_is_right(parts, server)
    assert states[DeliveryState.ACCEPTED] + states[DeliveryState.UNCERTAIN] == 300
    assert 1 <= states[DeliveryState.UNCERTAIN] <= 3


@pytest.mark.parametrize("step", [timedelta(days=-400), timedelta(hours=3)])
def test_a_clock_that_is_set_changes_nothing(
    engine: Engine, server: Running, step: timedelta
) -> None:
    """Set ahead, the sender's lease has run out: it is renewed, and nobody is given away."""
    server.answer = only_once("RCPT", b"451 4.7.1 later\r\n")
    parts = parts_for(engine, server)
    hurried, steps = Hurried(), []

    def clock() -> datetime:
        steps.append(1)
        return hurried() + (step if len(steps) > 30 else timedelta())

    parts = replace(parts, clock=clock)
    send_all(parts)
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}


def test_two_senders_at_once_share_the_people(engine: Engine, server: Running) -> None:
    parts = parts_for(engine, server)
    first_in = threading.Event()
    server.answer = lambda stage, recipient: first_in.set()
    errors: list[BaseException] = []

    def run() -> None:
        try:
            send_all(parts)
        except BaseException as error:
            errors.append(error)

    one = threading.Thread(target=run)
    one.start()
    first_in.wait(PATIENCE)
    run()
    one.join()
    assert errors == []
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}


def test_the_rate_holds_over_all_connections(engine: Engine, server: Running) -> None:
    parts = make_parts(engine, over_smtp(server))
    begun = datetime.now(UTC)
    send_all(parts, rate=15.0)
    ended = outcome(parts, ISSUE).send.finished_at
    assert ended is not None
    # Thirty people at fifteen a second: 29 steps, of which one second's worth may come at once.
    assert ended - begun > timedelta(seconds=29 / 15) - timedelta(seconds=1)
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: PEOPLE}
