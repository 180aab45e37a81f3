"""Several `newsletter send` begun at the same moment: one fixes the audience, the others join."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from newsletter.model.delivery import DeliveryState, SendState
from newsletter.sending.results.audit import Audit, audit
from newsletter.store.database import open_engine
from newsletter.store.deliveries import deliveries
from newsletter.store.schema import migrate
from tests.processes import started
from tests.sending.at_once import editions
from tests.sending.parts import add_people, make_parts
from tests.sending.program import transport
from tests.sending.test_send_killed import names_in, server

PEOPLE = 40
ROUNDS = int(os.environ.get("NEWSLETTER_ROUNDS", "3"))

pytestmark = pytest.mark.usefixtures("processes")


class AtOnce:
    """Two senders, each a process of its own, that begin together, and the mail server's record."""

    def __init__(self, engine: Engine, root: Path, held: ExitStack) -> None:
        kind = engine.dialect.name
        url = engine.url.set(drivername=kind).render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.sending.at_once", url, str(root)]
        self.record = root / "accepted"
        self._port = held.enter_context(server("tests.sending.recorder", self.record))
        self._engine, self._root = engine, root
        self.processes = [
            held.enter_context(started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            for _ in range(2)
        ]

    def do(self, issue_id: str, *options: str) -> list[str]:
        """How each ended, which was told these options."""
        for process, words in zip(self.processes, options, strict=True):
            self._tell(process, f"{issue_id} smtp {self._port} {words}")
        assert [self._told(process) for process in self.processes] == ["ready", "ready"]
        for process in self.processes:
            self._tell(process, "go")
        return [self._told(process) for process in self.processes]

    def audited(self, issue_id: str) -> Audit:
        parts = make_parts(
            self._engine,
            transport("smtp", self._port),
            editions=editions(issue_id),
            root=self._root,
        )
        return audit(parts, issue_id)

    def _tell(self, process: "subprocess.Popen[str]", line: str) -> None:
        assert process.stdin is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()

    def _told(self, process: "subprocess.Popen[str]") -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()


@pytest.fixture(params=["sqlite", "postgres"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AtOnce]:
    """Over an empty ledger of either kind, with people to mail."""
    if request.param == "postgres":
        made: Engine = request.getfixturevalue("postgres")
    else:
        made = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(made)
    add_people(made, PEOPLE)
    with ExitStack() as held:
        yield AtOnce(made, tmp_path, held)
    made.dispose()


def test_begun_together_they_share_the_people(both: AtOnce) -> None:
    for week in range(1, ROUNDS + 1):
        issue_id, before = f"2026-W{week:02}", names_in(both.record)
        assert both.do(issue_id, "", "") == ["done", "done"]
        assert Counter((names_in(both.record) - before).values()) == {1: PEOPLE}
        assert both.audited(issue_id).is_complete

    # With other options: another pace is one of the two, another time is refused or waited for.
    assert both.do("2026-W31", "rate=100", "rate=200") == ["done", "done"]
    soon = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
    ended = both.do("2026-W32", f"due_at={soon}", "")
    refused = "UsageError: The list of readers for 2026-W32 is already fixed"
    assert ended[0] == "done" or ended[0].startswith(refused)
    assert ended[1] == "done"

    # A test copy has nothing to do with it.
    assert both.do("2026-W33", "", "verb=copy") == ["done", "done"]

    # Pausing or cancelling finds no send yet, or stops it: nobody is lost, whatever came first.
    for issue_id, verb in (("2026-W34", "pause"), ("2026-W35", "cancel")):
        stood, changed = both.do(issue_id, "", f"verb={verb}")
        found = both.audited(issue_id)
        if changed.startswith(("UsageError: ", "AttentionError: ")):
            assert stood == "done"
            assert found.is_complete
        else:
            assert found.send.state in (SendState.PAUSED, SendState.CANCELLED)
            assert stood == "attention" or stood.startswith("AttentionError: the send of")
            assert found.tally.audience == PEOPLE

    # A second try of some, and a send of all, at once.
    with both._engine.begin() as connection:
        of_first = (deliveries.c.send_id == 1, deliveries.c.subscriber_id <= 5)
        refused_by_all = update(deliveries).where(*of_first)
        connection.execute(refused_by_all.values(state=DeliveryState.REFUSED.value, code="5.7.1"))
    before = names_in(both.record)
    assert both.do("2026-W01", "verb=resend", "verb=resend") == ["done", "done"]
    assert (names_in(both.record) - before).total() == 5
    assert both.audited("2026-W01").is_complete
