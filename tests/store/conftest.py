"""The store's contract is held on both databases: each test runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.store.database import open_engine
from newsletter.store.schema import migrate


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database of this test's own."""
    engine = open_engine("sqlite:///test.db", root=tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A database with every table, once of each kind."""
    made: Engine = request.getfixturevalue(request.param)
    migrate(made)
    return made
