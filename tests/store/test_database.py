"""The database's file is for its owner alone: it holds every address."""

import os
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from newsletter.errors import AwayError, StoreError
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.conftest import url_of
from tests.processes import until


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_new_database_and_its_log_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    engine = open_engine("sqlite:///newsletter.db", root=tmp_path)
    assert not list(tmp_path.iterdir())
    migrate(engine)
    with engine.connect():
        assert len(list(tmp_path.iterdir())) == 3
        assert modes(tmp_path) == {0o600}
    engine.dispose()


def test_a_database_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    path.touch()
    path.chmod(0o660)
    engine = open_engine("sqlite:///newsletter.db", root=tmp_path)
    migrate(engine)
    engine.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_machine_suspended_in_mid_transaction_holds_its_rows_for_a_minute_only(
    postgres: Engine,
) -> None:
    """Else every other sender would wait for as long as a laptop is closed."""
    with postgres.connect() as connection:
        shown = connection.execute(text("SHOW idle_in_transaction_session_timeout"))
        assert shown.scalar_one() == "1min"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_hold_every_language_is_refused(
    postgres: Engine, tmp_path: Path, encoding: str
) -> None:
    """A Debian without a locale makes the first kind."""
    name = f"{postgres.url.database}_{encoding.lower()}"
    admin = postgres.execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        words = f"ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        connection.execute(text(f"CREATE DATABASE {name} {words}"))
    engine = open_engine(url_of(postgres).replace(postgres.url.database or "", name), root=tmp_path)
    try:
        with pytest.raises(StoreError, match=f"kept in {encoding}") as refused:
            migrate(engine)
        assert "createdb -E UTF8 -T template0" in (refused.value.hint or "")
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name}"))


def test_an_idle_connection_that_the_server_ended_is_replaced(
    postgres: Engine, tmp_path: Path
) -> None:
    """As after a restart of it: else each connection of the pool would fail once."""
    backend = text("SELECT pg_backend_pid()")
    with postgres.connect() as idle:
        pid = idle.execute(backend).scalar_one()
    other = open_engine(url_of(postgres), root=tmp_path)
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    other.dispose()
    with postgres.connect() as again:
        assert again.execute(backend).scalar_one() != pid


@pytest.mark.parametrize("left", ["nothing", "a log"])
def test_a_disk_that_cannot_be_written_is_read_and_says_so_when_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    engine = open_engine("sqlite:///newsletter.db", root=tmp_path)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE kept (word TEXT)"))
    engine.dispose()
    if left == "a log":  # somebody was killed: what they committed stands in the log alone
        killed = sqlite3.connect(tmp_path / "newsletter.db", isolation_level=None)
        killed.execute("INSERT INTO kept VALUES ('in the log')")
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.suffix != ".db-shm"}
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    engine = open_engine("sqlite:///newsletter.db", root=tmp_path)
    migrate(engine)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT word FROM kept")).scalars().all()
    assert rows == (["in the log"] if left == "a log" else [])
    with pytest.raises(StoreError, match="can only be read"), engine.begin() as connection:
        connection.execute(text("INSERT INTO kept VALUES ('more')"))
    engine.dispose()
    assert {p: p.read_bytes() for p in tmp_path.iterdir() if p.suffix != ".db-shm"} == before


def test_who_slept_in_mid_transaction_hears_that_the_server_let_go(postgres: Engine) -> None:
    asleep = open_engine(url_of(postgres), root=Path())
    alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")

    def is_let_go() -> bool:
        with postgres.connect() as connection:
            return connection.scalar(alive, {"pid": pid}) == 0

    with asleep.connect() as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 1"))
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        until(is_let_go)
        with pytest.raises(AwayError, match="idle-in-transaction"):
            connection.execute(text("SELECT 1"))
    with asleep.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    asleep.dispose()


def test_ctrl_c_in_the_middle_of_a_statement_is_no_fault_of_the_database(engine: Engine) -> None:
    @event.listens_for(engine, "do_execute")
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with engine.connect() as connection, pytest.raises(KeyboardInterrupt):
        connection.execute(text("SELECT 1"))
    event.remove(engine, "do_execute", interrupt)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
