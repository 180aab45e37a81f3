"""Several `newsletter send` begun at the same moment: one fixes the audience, the others join."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.sending.results.audit import audit
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.processes import started
from tests.sending.at_once import editions
from tests.sending.parts import add_people, make_parts
from tests.sending.program import transport
from tests.sending.test_send_killed import names_in, server

PEOPLE = 40
ROUNDS = 5

pytestmark = pytest.mark.usefixtures("processes")


@pytest.fixture(params=["sqlite", "postgres"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty ledger of either kind, with people to mail."""
    if request.param == "postgres":
        made = request.getfixturevalue("postgres")
    else:
        made = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(made)
    add_people(made, PEOPLE)
    yield made
    made.dispose()


class AtOnce:
    """Senders, each a process of its own, that begin together."""

    def __init__(self, engine: Engine, root: Path, held: ExitStack, count: int) -> None:
        kind = engine.dialect.name
        url = engine.url.set(drivername=kind).render_as_string(hide_password=False)
        command = [sys.executable, "-m", "tests.sending.at_once", url, str(root)]
        self.processes = [
            held.enter_context(
                started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path.cwd())
            )
            for _ in range(count)
        ]

    def send(self, *lines: str) -> list[str]:
        """How each ended."""
        for process, line in zip(self.processes, lines, strict=True):
            self._tell(process, line)
        assert [self._told(process) for process in self.processes] == ["ready"] * len(lines)
        for process in self.processes:
            self._tell(process, "go")
        return [self._told(process) for process in self.processes]

    def _tell(self, process: "subprocess.Popen[str]", line: str) -> None:
        assert process.stdin is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()

    def _told(self, process: "subprocess.Popen[str]") -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()


def test_two_begun_together_share_the_people(ledger: Engine, tmp_path: Path) -> None:
    record = tmp_path / "accepted"
    with ExitStack() as held:
        port = held.enter_context(server("tests.sending.recorder", record))
        both = AtOnce(ledger, tmp_path, held, 2)
        for week in range(1, ROUNDS + 1):
            issue_id = f"2026-W{week:02}"
            before = names_in(record)
            assert both.send(*[f"{issue_id} smtp {port}"] * 2) == ["done", "done"]
            new = names_in(record) - before
            assert set(new.values()) == {1}
            assert new.total() == PEOPLE
            parts = make_parts(
                ledger, transport("smtp", port), editions=editions(issue_id), root=tmp_path
            )
            assert audit(parts, issue_id).is_complete
    assert Counter(names_in(record).values()) == {1: PEOPLE * ROUNDS}
