"""An upgrade that is killed anywhere: nothing is half done, and the next run ends it."""

import os
import signal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, event, text

from newsletter.store.database import open_engine, read_only
from newsletter.store.schema import HEAD, alembic_settings, migrate, what_differs
from newsletter.store.state_marks import unfinished
from newsletter.store.stories import SqlStories
from newsletter.stories.record.hash_chain import chain_faults
from tests.store.test_relinked_upgrade import BEFORE, DAY, FORM, WRITTEN, write
from tests.stories.keys import KEY

STATEMENTS = range(1, 40, 5)  # it has over 40
COMMITTED = 0  # before the first statement after that


def is_killed(at: int, url: str, root: Path) -> bool:
    """Upgrade in a process of its own that is killed before that statement; False: it ended."""
    pid = os.fork()
    if pid == 0:
        engine, left, committed = open_engine(url, root=root), count(at or -1, -1), []

        def die(*_: Any) -> None:
            if next(left) == 0 or (committed and not at):
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine, "before_cursor_execute", die)
        event.listen(engine, "commit", committed.append)
        try:
            migrate(engine, lambda: KEY, today=lambda: DAY)
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def version(engine: Engine) -> object:
    with read_only(engine) as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_wherever_it_is_killed_a_run_ends_it(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    engine: Engine = request.getfixturevalue(kind)
    url = engine.url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        command.upgrade(alembic_settings(connection), "0001")
        write(connection, BEFORE)
    engine.dispose()
    for number in STATEMENTS:
        assert is_killed(number, url, tmp_path)
        assert version(engine) == "0001"
        assert SqlStories(engine).events() == tuple(BEFORE)
        engine.dispose()
    assert is_killed(COMMITTED, url, tmp_path)
    assert version(engine) == HEAD
    with read_only(engine) as connection:
        assert unfinished(connection), "what was deleted still lies in the files"
    migrate(engine)
    assert what_differs(engine) == ()
    assert chain_faults(SqlStories(engine).events(), WRITTEN, key=KEY) == ()
    with read_only(engine) as connection:
        assert not unfinished(connection)
    engine.dispose()
    if kind == "sqlite":
        assert not any(FORM.encode() in path.read_bytes() for path in tmp_path.glob("test.db*"))
