"""waitress on loopback, in a thread of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import waitress


@contextmanager
def running(app: Any, **options: Any) -> Iterator[Any]:
    """A server that runs meanwhile; its port is `effective_port`."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, **options)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(server.close)  # by the thread that waits at its sockets
        thread.join(10)
