"""A connection that is held for as long as a program runs: a restore finds it, and waits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from newsletter.errors import StoreError

_EVERY = 20.0  # seconds: a server that was restarted knows of it again by then


@contextmanager
def seen_at_work(engine: Engine) -> Iterator[None]:
    """Hold one while the block runs, also when nothing is asked for hours. A server that is away
    keeps nobody up. SQLite needs none."""
    if engine.dialect.name != "postgresql":
        yield
        return
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(engine, ended), name="presence", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join(timeout=1)


def _keep(engine: Engine, ended: threading.Event) -> None:
    while not ended.is_set():
        with suppress(StoreError, SQLAlchemyError), engine.connect() as connection:
            held = connection.execution_options(isolation_level="AUTOCOMMIT")
            while not ended.is_set():
                held.execute(text("SELECT 1"))
                ended.wait(_EVERY)
        ended.wait(_EVERY)
