"""aiosmtpd in a thread of its own, on whatever port the system gives."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller

from tests.processes import PATIENCE


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


@contextmanager
def mail_server(handler: object) -> Iterator[int]:
    """The port on which aiosmtpd serves, with that handler."""
    controller = _AnyPort(handler, hostname="127.0.0.1", port=0, ready_timeout=PATIENCE)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
