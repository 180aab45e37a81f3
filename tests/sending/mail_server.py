"""aiosmtpd in a thread of its own, on whatever port the system gives.

`python -m tests.sending.mail_server FILE` prints its port, and writes down what it accepts before
it says so, as `recorder` does.
"""

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
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def mail_server(handler: object, **options: Any) -> Iterator[int]:
    """The port on which aiosmtpd serves, with that handler and what its SMTP takes."""
    controller = _AnyPort(handler, hostname="127.0.0.1", port=0, ready_timeout=PATIENCE, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


class _Keeper:
    def __init__(self, answer: str) -> None:
        self.envelopes: list[Envelope] = []
        self._answer = answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return self._answer


@contextmanager
def recording_mail_server(
    answer: str = "250 2.0.0 ok",
) -> Iterator[tuple[int, list[Envelope]]]:
    """The port of a server that says this to everything, and what it was given."""
    keeper = _Keeper(answer)
    with mail_server(keeper) as port:
        yield port, keeper.envelopes


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
