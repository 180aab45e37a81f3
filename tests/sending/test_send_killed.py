"""Invariant 3: killed at any moment and run again, nobody is missed and nobody gets it twice."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.model.delivery import DeliveryState
from newsletter.sending.send import outcome
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.processes import PATIENCE, ROOT, GrowingFile, started, until
from tests.sending.killing import Killed, kill_until_done
from tests.sending.parts import ISSUE, add_people, make_parts
from tests.sending.program import CONNECTIONS, REQUEST, REQUESTS, transport

# `make soak` runs the same with more people and more kills.
PEOPLE = int(os.environ.get("NEWSLETTER_SOAK_PEOPLE", "2500"))
KILLS = int(os.environ.get("NEWSLETTER_SOAK_KILLS", "12"))

pytestmark = pytest.mark.usefixtures("processes")


@contextmanager
def server(module: str, record: Path) -> Iterator[str]:
    """A receiving side in a process of its own; its port."""
    record.touch()
    command = [sys.executable, "-m", module, str(record)]
    with started(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


def names_in(record: Path) -> Counter[str]:
    """How often each message was accepted, by the first word of each complete line."""
    lines = record.read_text().split("\n")[:-1]
    return Counter(line.split(" ")[0].strip("<>").partition("@")[0] for line in lines)


def killed(
    engine: Engine, url: str, root: Path, kind: str, argument: str, record: Path, *, people: int
) -> Killed:
    migrate(engine)
    add_people(engine, people // 2)
    add_people(engine, people - people // 2, language="es", start=people // 2 + 1)
    return kill_until_done(
        make_parts(engine, transport(kind, argument), root=root),
        [url, str(root), kind, argument],
        people=people,
        kills=KILLS,
        accepted=lambda: names_in(record),
        how_many=GrowingFile(record).lines,
        seed=1,
    )


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine("sqlite:///ledger.db", root=tmp_path)
    yield made
    made.dispose()


def test_over_smtp(tmp_path: Path, sqlite: Engine) -> None:
    record = tmp_path / "accepted"
    with server("tests.sending.recorder", record) as port:
        url = "sqlite:///ledger.db"
        seen = killed(sqlite, url, tmp_path, "smtp", port, record, people=PEOPLE)
    assert seen.kills >= KILLS
    assert seen.most_uncertain <= CONNECTIONS
    assert names_in(record).total() == PEOPLE


def test_over_smtp_to_aiosmtpd(tmp_path: Path, sqlite: Engine) -> None:
    record = tmp_path / "accepted"
    with server("tests.sending.mail_server", record) as port:
        url = "sqlite:///ledger.db"
        seen = killed(sqlite, url, tmp_path, "smtp", port, record, people=2000)
    assert seen.kills >= KILLS
    assert seen.most_uncertain <= CONNECTIONS
    assert names_in(record).total() == 2000


def test_through_sendgrid(tmp_path: Path, sqlite: Engine) -> None:
    record = tmp_path / "accepted"
    with server("tests.sending.sendgrid_stub", record) as port:
        url = "sqlite:///ledger.db"
        seen = killed(sqlite, url, tmp_path, "sendgrid", port, record, people=PEOPLE)
    assert seen.kills >= KILLS
    assert seen.most_uncertain <= REQUESTS * REQUEST
    assert names_in(record).total() == PEOPLE


def test_with_the_ledger_on_postgresql(tmp_path: Path, postgres: Engine) -> None:
    record = tmp_path / "accepted"
    url = postgres.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with server("tests.sending.recorder", record) as port:
        seen = killed(postgres, url, tmp_path, "smtp", port, record, people=PEOPLE)
    assert seen.kills >= KILLS
    assert seen.most_uncertain <= CONNECTIONS
    assert names_in(record).total() == PEOPLE


def test_into_the_outbox(tmp_path: Path, sqlite: Engine) -> None:
    """Its own evidence settles everyone: a file is there once or not at all."""
    folder = tmp_path / "outbox"
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True)
    migrate(sqlite)
    add_people(sqlite, PEOPLE)
    parts = make_parts(sqlite, transport("outbox", str(folder)))

    def accepted() -> Counter[str]:
        return Counter(path.name.partition(".")[0] for path in (folder / "new").iterdir())

    seen = kill_until_done(
        parts,
        ["sqlite:///ledger.db", str(tmp_path), "outbox", str(folder)],
        people=PEOPLE,
        kills=KILLS,
        accepted=accepted,
        how_many=lambda: sum(1 for _ in (folder / "new").iterdir()),
        seed=1,
    )
    assert seen.kills >= KILLS
    assert accepted().total() == PEOPLE


def test_sigterm_drains_and_leaves_nobody_uncertain(tmp_path: Path, sqlite: Engine) -> None:
    record = tmp_path / "accepted"
    migrate(sqlite)
    add_people(sqlite, 1000)
    with server("tests.sending.recorder", record) as port:
        parts = make_parts(sqlite, transport("smtp", port))
        command = [sys.executable, "-m", "tests.sending.program"]
        command += ["sqlite:///ledger.db", str(tmp_path), "smtp", port]
        accepted = GrowingFile(record)
        with started(command) as process:
            until(lambda: accepted.lines() >= 20, process)
            process.terminate()
            assert process.wait(PATIENCE) == 1  # not finished: a person has to look
        stopped = outcome(parts, ISSUE)
        assert stopped.uncertain == ()
        assert stopped.tally.states[DeliveryState.ACCEPTED] == names_in(record).total() < 1000

        assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    assert names_in(record).total() == len(names_in(record)) == 1000
