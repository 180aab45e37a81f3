"""A ledger put back to an earlier day: nothing more leaves until somebody chose so."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.errors import AttentionError, ConfigError
from newsletter.model.delivery import (
    Accepted,
    Deferred,
    DeliveryState,
    Refused,
    SendState,
    Uncertain,
)
from newsletter.model.witness import Run
from newsletter.sending import send_control
from newsletter.sending.lease import LEASE_LENGTH
from newsletter.sending.resend import try_again, who_missed
from newsletter.sending.results.audit import audit
from newsletter.sending.send import outcome
from newsletter.sending.send_control import UncertainChoice
from newsletter.sending.send_plan import SendParts
from newsletter.sending.witness import RunWitness, gap
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.sending.parts import ISSUE, add_people, make_parts, outside_of, send_all
from tests.sending.test_send import Clock, Recording, around


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(made)
    add_people(made, 6)
    yield made
    made.dispose()


def copied(engine: Engine, name: str = "copy.db") -> Path:
    """A copy of the database as it is now."""
    path = Path(str(engine.url.database))
    copy = path.with_name(name)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def put_back(engine: Engine, copy: Path) -> None:
    engine.dispose()
    path = Path(str(engine.url.database))
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)


def sent_file(engine: Engine) -> Path:
    return Path(str(engine.url.database)).parent / "issues" / ISSUE / "sent.json"


def finished(parts: SendParts) -> bool:
    return outcome(parts, ISSUE).send.state is SendState.FINISHED


def test_put_back_after_a_finished_send_nobody_is_mailed_twice(engine: Engine) -> None:
    before = copied(engine)
    transport = Recording()
    parts = around(engine, transport)
    send_all(parts)
    put_back(engine, before)
    with pytest.raises(
        AttentionError, match=r"of at least 6 people .* and 1 run of send$"
    ) as refused:
        send_all(parts)
    assert "--anyway --by NAME" in refused.value.hint
    assert len(transport.messages) == 6
    assert parts.ledger.find(ISSUE) is None, "nothing is frozen either"
    with pytest.raises(AttentionError, match="older than what was sent"):
        audit(parts, ISSUE, unknown=str(gap(parts, ISSUE)))


def test_put_back_to_the_middle_of_a_send_nobody_is_mailed_twice(engine: Engine) -> None:
    copies: list[Path] = []

    def copy_at_the_third(message: object) -> None:
        if len(transport.messages) == 3:
            copies.append(copied(engine))

    transport = Recording(before=copy_at_the_third)
    parts = around(engine, transport)
    send_all(parts)
    put_back(engine, copies[0])
    with pytest.raises(AttentionError, match=r"of at least 3 people .* answered for$"):
        send_all(parts)
    assert len(transport.messages) == 6
    found = audit(parts, ISSUE, unknown=str(gap(parts, ISSUE)))
    assert not found.holds
    assert "--cancel" in hint_of_a_refusal(parts)
    assert send_control.cancel(parts, ISSUE).state is SendState.CANCELLED


def test_a_second_try_that_is_killed_is_no_older_ledger(engine: Engine) -> None:
    transport = Recording(answer=lambda message: Refused(reason="550 no", code="5.0.0"))
    parts = around(engine, transport)
    with suppress(AttentionError):
        send_all(parts)
    assert outcome(parts, ISSUE).tally.states == {DeliveryState.REFUSED: 6}
    send = outcome(parts, ISSUE).send
    choice = who_missed(parts, ISSUE, [DeliveryState.REFUSED])
    assert try_again(parts, choice, by="Ana") == 6
    sender = parts.ledger.join(send.id, parts.process, now=parts.clock(), lease=LEASE_LENGTH)
    witness = RunWitness(parts, send, sender)
    witness.settled(DeliveryState.ACCEPTED, 2)
    witness.refresh()  # then it is killed
    assert gap(parts, ISSUE) is None


def hint_of_a_refusal(parts: SendParts) -> str:
    with pytest.raises(AttentionError) as refused:
        send_all(parts)
    return refused.value.hint


def test_going_on_is_written_down_and_the_next_old_copy_is_refused_again(engine: Engine) -> None:
    before = copied(engine)
    transport = Recording()
    parts = around(engine, transport)
    send_all(parts)
    put_back(engine, before)
    send_all(parts, anyway_by="Ana")
    assert finished(parts)
    assert len(transport.messages) == 12
    (choice,) = parts.witness.read(ISSUE).went_on
    assert (choice.by, choice.people) == ("Ana", 6)
    assert gap(parts, ISSUE) is None
    put_back(engine, before)
    with pytest.raises(AttentionError, match="older"):
        send_all(parts)
    assert len(parts.witness.read(ISSUE).went_on) == 1


def test_a_run_that_the_ledger_never_heard_of_is_enough(engine: Engine) -> None:
    parts = around(engine, Recording())
    send_all(parts)
    parts.witness.note(ISSUE, "another", Run(started=datetime.now(UTC), people=0))
    with pytest.raises(AttentionError, match=r"not know of 1 run of send$"):
        send_all(parts)


def test_deferred_uncertain_and_resent_people_are_never_held_against_a_true_ledger(
    engine: Engine,
) -> None:
    answers = iter([Deferred(reason="later"), Uncertain(reason="the line broke")])
    transport = Recording(answer=lambda message: next(answers, Accepted(provider_id="ok")))
    parts = around(engine, transport)
    assert send_all(parts).uncertain
    assert gap(parts, ISSUE) is None
    assert send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="Ana") == 1
    assert gap(parts, ISSUE) is None
    assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: 6}
    assert parts.witness.read(ISSUE).people == 6
    assert len(parts.witness.read(ISSUE).runs) == 2


def test_two_senders_share_one_file(engine: Engine) -> None:
    second = make_parts(engine, lambda splicer: Recording(), clock=Clock())

    def join_in(message: object) -> None:
        if len(first.messages) == 2:
            send_all(second)

    first = Recording(before=join_in)
    parts = around(engine, first)
    send_all(parts)
    assert finished(parts)
    witnessed = parts.witness.read(ISSUE)
    assert (len(witnessed.runs), witnessed.people) == (2, 6)
    assert gap(parts, ISSUE) is None


@pytest.mark.parametrize("place", ["the workspace", "outside"])
def test_either_copy_of_the_file_is_enough(engine: Engine, place: str) -> None:
    before = copied(engine)
    transport = Recording()
    parts = around(engine, transport)
    send_all(parts)
    inside = sent_file(engine)
    root = inside.parents[2]
    lost = inside if place == "the workspace" else outside_of(root) / inside.relative_to(root)
    lost.unlink()
    assert gap(parts, ISSUE) is None
    put_back(engine, before)
    with pytest.raises(AttentionError, match="older than what was sent"):
        send_all(parts)
    assert len(transport.messages) == 6


def test_an_older_copy_of_the_file_put_back_says_nothing_less(engine: Engine) -> None:
    before = copied(engine)
    parts = around(engine, Recording())
    send_all(parts)
    old = sent_file(engine).read_text()
    put_back(engine, before)
    send_all(parts, anyway_by="Ana")
    sent_file(engine).write_text(old)
    assert gap(parts, ISSUE) is None, "somebody went on since"
    assert len(parts.witness.read(ISSUE).went_on) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"issue": "2026-W47", "runs": {"a": 1}, "went_on": []}',
        '{"issue": "2026-W47", "runs": {}, "went_on": 3}',
    ],
)
def test_a_damaged_file_is_said_and_nothing_leaves(engine: Engine, text: str) -> None:
    transport = Recording()
    parts = around(engine, transport)
    sent_file(engine).parent.mkdir(parents=True)
    sent_file(engine).write_text(text)
    with pytest.raises(ConfigError, match=r"sent\.json: this file is damaged"):
        send_all(parts)
    assert transport.messages == []


def test_no_reader_is_in_the_file(engine: Engine) -> None:
    send_all(around(engine, Recording()))
    text = sent_file(engine).read_text()
    assert "@" not in text
    assert set(json.loads(text)) == {"issue", "runs", "went_on", "put_back"}


def test_the_file_of_an_issue_that_was_copied_says_nothing_of_the_copy(engine: Engine) -> None:
    parts = around(engine, Recording())
    send_all(parts)
    copy = sent_file(engine).parents[1] / "2026-W48" / "sent.json"
    copy.parent.mkdir()
    copy.write_text(sent_file(engine).read_text())
    assert gap(parts, "2026-W48") is None
    parts.witness.note("2026-W48", "first", Run(started=datetime.now(UTC), people=1))
    assert set(parts.witness.read("2026-W48").runs) == {"first"}
