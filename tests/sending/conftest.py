"""A ledger with people to mail, and a real mail server that writes down what it accepted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.sending.parts import add_people
from tests.sending.recorder import Running

PEOPLE = 30


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "accepted")
    yield running
    running.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(made)
    add_people(made, PEOPLE)
    yield made
    made.dispose()
