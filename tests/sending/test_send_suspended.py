"""A laptop closed in mid-send, and opened when another machine has long taken its people over."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.model.delivery import DeliveryState
from newsletter.sending import send_control
from newsletter.sending.results.audit import audit
from newsletter.sending.send_control import UncertainChoice
from tests.processes import PATIENCE, started, until
from tests.sending.conftest import PEOPLE
from tests.sending.parts import ISSUE, make_parts, send_all
from tests.sending.program import transport
from tests.sending.recorder import Running

IN_HAND = "person5@example.org"

pytestmark = pytest.mark.usefixtures("processes")


def is_free(database: Path) -> bool:
    """Whether nobody was stopped in the middle of a transaction."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
    return True


def test_a_sender_that_was_suspended_mails_nobody_who_was_taken_over(
    engine: Engine, server: Running, tmp_path: Path
) -> None:
    asked, answer_now = threading.Event(), threading.Event()

    def wait_at_one(stage: str, recipient: str) -> None:
        if stage == "RCPT" and recipient == IN_HAND and not asked.is_set():
            asked.set()
            answer_now.wait(PATIENCE)

    server.answer = wait_at_one
    command = [sys.executable, "-m", "tests.sending.program", "sqlite:///ledger.db"]
    command += [str(tmp_path), "smtp", str(server.port), "laptop"]
    with started(command, stderr=subprocess.PIPE) as laptop:
        assert asked.wait(PATIENCE)
        while True:
            laptop.send_signal(signal.SIGSTOP)
            os.waitpid(laptop.pid, os.WUNTRACED)
            if is_free(tmp_path / "ledger.db"):
                break
            laptop.send_signal(signal.SIGCONT)
        answer_now.set()

        parts = make_parts(engine, transport("smtp", str(server.port)))
        send = parts.ledger.find(ISSUE)
        assert send is not None
        # Its lease of two seconds is not over yet.
        until(
            lambda: parts.ledger.end_expired(send.id, now=parts.clock(), is_gone=parts.is_gone) > 0
        )
        assert send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="Ana") == 1
        assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: PEOPLE}

        laptop.send_signal(signal.SIGCONT)
        _, said = laptop.communicate(timeout=PATIENCE)
    assert "Another send has taken over." in said
    assert server.accepted[IN_HAND] == 1
    assert server.accepted.total() == PEOPLE
    found = audit(parts, ISSUE)
    assert found.is_complete
    assert found.tally.states == {DeliveryState.ACCEPTED: PEOPLE}
