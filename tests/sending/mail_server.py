"""aiosmtpd in a thread of its own, on whatever port the system gives.

`python -m tests.sending.mail_server FILE` prints its port, and writes down what it accepts before
it says so, as `recorder` does.
"""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.processes import PATIENCE


class _AnyPort(Controller):
    def __init__(self, handler: object, **options: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=0, **options)
        self._connections: list[SMTP] = []

    def factory(self) -> SMTP:
        self._connections.append(super().factory())
        return self._connections[-1]

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()

    def stop(self, no_assert: bool = False) -> None:
        """Hang up first: a connection that outlives its loop is the collector's, and a warning."""
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(PATIENCE)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.abort()
        for _ in range(3):  # until each has heard that it was lost
            await asyncio.sleep(0)


@contextmanager
def mail_server(handler: object, **options: Any) -> Iterator[int]:
    """The port on which aiosmtpd serves, with that handler and what its SMTP takes."""
    controller = _AnyPort(handler, ready_timeout=PATIENCE, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class _Recorder:
    def __init__(self, file: Path) -> None:
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        start = content.index(b"\r\nMessage-ID: ") + 14
        name = content[start : content.index(b"\r\n", start)].decode()
        os.write(self._out, f"{name} {envelope.rcpt_tos[0]}\n".encode())
        return "250 2.0.0 ok"


if __name__ == "__main__":
    with mail_server(_Recorder(Path(sys.argv[1])), enable_SMTPUTF8=False) as port:
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        threading.Event().wait()
