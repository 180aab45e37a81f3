"""Invariant 3: killed at any moment and run again, nobody is missed and nobody gets it twice."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.sending.killing import REPOSITORY, kill_until_done
from tests.sending.parts import add_people, make_parts
from tests.sending.program import CONNECTIONS, transport

PEOPLE = 2000
KILLS = 20

pytestmark = pytest.mark.slow


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A mail server in a process of its own: its port, and the file of what it accepted."""
    record = tmp_path / "accepted"
    record.touch()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sending.recorder", str(record)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), record
    finally:
        process.kill()
        process.communicate()


def names_in(record: Path) -> Counter[str]:
    """How often each Message-ID was accepted; a line that is still being written does not count."""
    lines = record.read_text().split("\n")[:-1]
    return Counter(line.split(" ")[0] for line in lines)


def test_a_send_over_smtp_survives_being_killed_at_any_moment(
    tmp_path: Path, recorder: tuple[str, Path]
) -> None:
    port, record = recorder
    engine = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(engine)
    add_people(engine, PEOPLE)
    parts = make_parts(engine, transport("smtp", port))

    seen = kill_until_done(
        engine,
        parts,
        ["sqlite:///ledger.db", str(tmp_path), "smtp", port],
        people=PEOPLE,
        kills=KILLS,
        accepted=lambda: names_in(record),
        how_many=lambda: record.read_bytes().count(b"\n"),
        seed=1,
    )

    assert seen.kills >= KILLS
    assert seen.most_uncertain <= CONNECTIONS
    assert names_in(record).total() == PEOPLE
    engine.dispose()
