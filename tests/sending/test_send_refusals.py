"""Whose fault it is that a relay refuses: nobody is given up, or left out, for one of ours."""

import os
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete

from newsletter.errors import AttentionError, ServiceError
from newsletter.model.delivery import DeliveryState
from newsletter.model.silence import SENDER_LEASE
from newsletter.sending.send_control import ready_to_resume, resume
from newsletter.sending.send_plan import SendParts
from newsletter.store.subscribers import subscribers
from tests.sending.conftest import PEOPLE
from tests.sending.parts import ISSUE, add_people, limited, send_all
from tests.sending.recorder import Running
from tests.sending.soak import Progress, once
from tests.sending.test_send_faults import Hurried, ledger_is_right, parts_for

# `make soak` runs the same with more people.
PEOPLE_OF_A_MOODY_RELAY = int(os.environ.get("NEWSLETTER_SOAK_PEOPLE", "150"))
SEED = 1
SLOW, FAST = timedelta(milliseconds=1), SENDER_LEASE / 2
EVERYONE = {DeliveryState.ACCEPTED: PEOPLE}


def hurried(parts: SendParts) -> SendParts:
    return replace(parts, clock=Hurried(timedelta(seconds=2)))


class Pacing:
    """A clock that runs the faster the longer nobody was asked for, so that half an hour of rest
    takes no time; and slowly while mails leave, so that no lease runs out."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.step = SLOW

    def __call__(self) -> datetime:
        self.ahead += self.step
        self.step = min(self.step * 2, FAST)
        return datetime.now(UTC) + self.ahead


def suppressed(parts: SendParts, people: int = PEOPLE) -> list[str]:
    addresses = [f"person{number}@example.org" for number in range(1, people + 1)]
    return [address for address in addresses if parts.people.suppression(address)]


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        ("RCPT", b"550 relay not permitted"),
        ("RCPT", b"550 SMTP authentication is required."),
        ("RCPT", b"554 5.7.1 <x>: Relay access denied"),
        ("RCPT", b"504 5.5.2 <laptop>: Helo command rejected: need fully-qualified hostname"),
        ("DATA", b"550 5.7.1 Client host blocked using zen.spamhaus.org"),
        ("DOT", b"554 5.7.9 Message not accepted for policy reasons"),
        ("DOT", b"554 5.7.1 rejected as spam"),
    ],
)
def test_a_relay_that_refuses_us_pauses_the_send_and_all_get_it_once_that_is_mended(
    engine: Engine, server: Running, stage: str, reply: bytes
) -> None:
    server.answer = lambda asked, recipient: reply + b"\r\n" if asked == stage else None
    parts = parts_for(engine, server)
    with pytest.raises(AttentionError, match="refused the last") as stopped:
        send_all(parts)
    assert reply.decode().partition(" ")[2][-20:] in stopped.value.message
    assert "--resume" in (stopped.value.hint or "")
    assert suppressed(parts) == []
    server.answer = lambda asked, recipient: None
    ready_to_resume(parts, ISSUE)
    resume(parts, ISSUE)
    send_all(parts)
    assert ledger_is_right(parts, server) == EVERYONE


def test_a_server_that_knows_nobody_at_all_is_not_believed(engine: Engine, server: Running) -> None:
    add_people(engine, 40, start=PEOPLE + 1)
    refused = b"550 5.1.1 User unknown\r\n"
    server.answer = lambda asked, recipient: refused if asked == "RCPT" else None
    parts = parts_for(engine, server)
    with pytest.raises(AttentionError, match="refused the last 5"):
        send_all(parts)
    assert suppressed(parts, PEOPLE + 40) == []
    server.answer = lambda asked, recipient: refused if recipient == "person3@example.org" else None
    ready_to_resume(parts, ISSUE)
    resume(parts, ISSUE)
    send_all(parts)
    states = ledger_is_right(parts, server)
    assert states == {DeliveryState.ACCEPTED: PEOPLE + 39, DeliveryState.REFUSED: 1}
    assert suppressed(parts, PEOPLE + 40) == ["person3@example.org"]


def test_a_send_does_not_end_with_everyone_refused_until_somebody_has_looked(
    engine: Engine, server: Running
) -> None:
    gone = {f"person{number}@example.org" for number in range(16, PEOPLE + 1)}
    server.answer = lambda asked, recipient: (
        b"550 5.1.1 User unknown\r\n" if asked == "RCPT" and recipient in gone else None
    )
    parts = parts_for(engine, server, connections=1)
    for _ in range(2):  # twice they may have been refused for something else
        with pytest.raises(AttentionError, match="refused the last 15"):
            send_all(parts)
        assert suppressed(parts) == []
        ready_to_resume(parts, ISSUE)
        resume(parts, ISSUE)
    send_all(parts)
    states = ledger_is_right(parts, server)
    assert states == {DeliveryState.ACCEPTED: 15, DeliveryState.REFUSED: 15}
    assert set(suppressed(parts)) == gone


@pytest.mark.parametrize(("good", "bad"), [(0, 1), (21, 9)])
def test_nobody_is_given_up_for_a_relay_that_turns_bad_at_the_end(
    engine: Engine, server: Running, good: int, bad: int
) -> None:
    """After up to nine refusals in a row the send ends, or is stopped, and nobody has looked."""
    with engine.begin() as connection:
        connection.execute(delete(subscribers).where(subscribers.c.id > good + bad))
    gone = {f"person{number}@example.org" for number in range(good + 1, good + bad + 1)}
    server.answer = lambda asked, recipient: (
        b"550 5.1.1 User unknown\r\n" if asked == "RCPT" and recipient in gone else None
    )
    parts = parts_for(engine, server, connections=1)
    assert send_all(parts).send.finished_at is not None
    states = ledger_is_right(parts, server)
    assert states[DeliveryState.REFUSED] == bad
    assert suppressed(parts) == []


def test_one_person_behind_a_wrong_relay_costs_nobody_else_and_is_not_given_up(
    engine: Engine, server: Running
) -> None:
    server.answer = lambda asked, recipient: (
        b"554 5.7.1 Relay access denied\r\n" if recipient == "person3@example.org" else None
    )
    parts = limited(hurried(parts_for(engine, server)), retry_window=timedelta(minutes=3))
    assert send_all(parts).send.finished_at is not None
    states = ledger_is_right(parts, server)
    assert states == {DeliveryState.ACCEPTED: PEOPLE - 1, DeliveryState.REFUSED: 1}
    assert suppressed(parts) == []


@pytest.mark.parametrize("code", [b"550", b"451"])
def test_who_may_send_so_many_an_hour_rests_and_goes_on_by_itself(
    engine: Engine, server: Running, code: bytes
) -> None:
    asked_for: list[str] = []

    def answer(asked: str, recipient: str) -> bytes | None:
        if asked != "RCPT":
            return None
        asked_for.append(recipient)
        if 10 < len(asked_for) <= 40:
            return code + b" Domain x has exceeded the max emails per hour (10/10 (100%))\r\n"
        return None

    server.answer = answer
    parts = hurried(parts_for(engine, server))
    assert not send_all(parts).needs_attention
    assert ledger_is_right(parts, server) == EVERYONE
    assert suppressed(parts) == []


@pytest.mark.parametrize("most", [1, 2])
def test_fewer_connections_than_were_set_are_enough_and_it_is_said(
    engine: Engine, server: Running, most: int
) -> None:
    server.recorder.most_at_once = most
    parts = parts_for(engine, server, connections=5)
    outcome = send_all(parts)
    assert ledger_is_right(parts, server) == EVERYONE
    (remark,) = outcome.remarks
    assert f"let us have {most} of 5 connections (421 4.7.0 Too many" in remark
    assert f"Set connections = {most} in [transport]" in remark


def test_a_server_that_lets_nobody_in_ends_the_send_at_once(
    engine: Engine, server: Running
) -> None:
    server.recorder.most_at_once = 0
    with pytest.raises(ServiceError, match="Too many concurrent"):
        send_all(parts_for(engine, server, connections=3))


def test_a_relay_whose_moods_change_at_random_mails_everyone_once(
    engine: Engine, server: Running
) -> None:
    people = PEOPLE_OF_A_MOODY_RELAY
    with once(f"moody-{people}") as lines:
        if lines is not None:
            add_people(engine, people - PEOPLE, start=PEOPLE + 1)
            lines.append(turns_bad_and_good(engine, server, people=people, seed=SEED))


def turns_bad_and_good(engine: Engine, server: Running, *, people: int, seed: int) -> str:
    """Send through a relay whose moods change, resumed each time that it was paused; what happened,
    in a line."""
    replies = [
        *[None] * 4,
        *(b"550 relay not permitted", b"530 5.7.0 Authentication required", b"451 4.3.0 oops"),
        *(b"451 4.7.1 greylisted", b"421 4.7.0 too many messages, slow down"),
        *(b"550 you may send 100 emails per hour", b"554 5.7.1 blocked using a.list.example"),
    ]
    clock, moods = Pacing(), random.Random(seed)
    stage, reply, left = "RCPT", None, 0
    changed = refused = paused = 0
    progress = Progress("a relay of moods", people)

    def answer(asked: str, recipient: str) -> bytes | None:
        nonlocal stage, reply, left, changed, refused
        clock.step = SLOW
        if left == 0:
            stage, reply = moods.choice(["RCPT", "DATA", "DOT"]), moods.choice(replies)
            left = moods.randint(1, 40)
            changed += 1
        if asked != stage or reply is None:
            left -= asked == "DOT"
            return None
        left -= 1
        refused += 1
        return reply + b"\r\n"

    server.answer = answer
    parts = replace(parts_for(engine, server), clock=clock)
    while True:
        try:
            outcome = send_all(parts)
            break
        except AttentionError as error:
            paused += 1
            progress.round(server.accepted.total(), error.message[:60])
            ready_to_resume(parts, ISSUE)
            resume(parts, ISSUE)
    assert not outcome.needs_attention
    assert ledger_is_right(parts, server) == {DeliveryState.ACCEPTED: people}
    given_up = suppressed(parts, people)
    assert given_up == []
    twice = server.accepted.total() - len(server.accepted)
    return (
        f"a relay of moods: {people} people, {changed} changes of mood, {refused} refusals, paused "
        f"and resumed {paused} times, {people - len(server.accepted)} missed, {twice} twice, "
        f"{len(given_up)} addresses given up"
    )
