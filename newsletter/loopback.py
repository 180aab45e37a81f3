"""[I/O] The one way to serve HTTP on this machine alone: in a thread, for the length of a block."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

LOOPBACK = "127.0.0.1"


class LoopbackServer(ThreadingHTTPServer):
    """Serve on a port that the system picks, a thread a connection: browsers open some ahead, over
    which they may say nothing for minutes. `with` serves; `serve_forever` alone does too."""

    def __init__(
        self, handler: Callable[..., BaseHTTPRequestHandler], *, host: str = LOOPBACK
    ) -> None:
        super().__init__((host, 0), handler)
        self._thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.daemon = True

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, no final slash."""
        return f"http://{LOOPBACK}:{self.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def wait(self) -> None:
        """Wait until the person at the terminal interrupts."""
        while self._thread.is_alive():  # a Ctrl-C just before an endless wait would never be seen
            self._thread.join(1.0)
