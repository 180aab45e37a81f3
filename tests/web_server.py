"""A real HTTP server on loopback, in a thread, that answers what a test tells it to."""

import gzip
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from newsletter.loopback import LoopbackServer


@dataclass
class Reply:
    """One answer. `write` takes over the socket for servers that misbehave."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[Any], None] | None = None


@dataclass
class Asked:
    """One request as it came in, GET or POST; `started` and `ended` are monotonic seconds."""

    path: str
    headers: dict[str, str]
    started: float
    body: bytes = b""
    ended: float = 0.0


Page = Reply | Callable[[Asked], Reply]
NOT_HERE = Reply(status=404, body=b"not here")


class WebServer(LoopbackServer):
    """`server.pages[path] = Reply(...)` or a function from the request to a Reply."""

    request_queue_size = 256

    def __init__(self, host: str = "127.0.0.1", *, default: Page = NOT_HERE) -> None:
        self.pages: dict[str, Page] = {}
        self.default = default
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__(Handler, host=host)
        self.host, self.port = host, self.server_port

    @property
    def url(self) -> str:
        """Without a final slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def page(self, path: str, body: bytes | str = b"", *, status: int = 200, **headers: str) -> str:
        """Serve this body at this path; returns the address. `content_type=` and the like."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        self.pages[path] = Reply(status=status, body=data, headers=named)
        return self.url + path

    def gzipped(self, path: str, body: bytes, **headers: str) -> str:
        """The same, compressed."""
        return self.page(path, gzip.compress(body), content_encoding="gzip", **headers)

    def handle_error(self, *args: Any) -> None:
        pass  # clients hang up on servers that misbehave

    def __exit__(self, *error: object) -> None:
        self.released.set()  # lets go of requests that wait
        super().__exit__(*error)


class Handler(BaseHTTPRequestHandler):
    """One connection to the server."""

    server: WebServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        asked = Asked(
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            started=time.monotonic(),
            body=self.rfile.read(length),
        )
        self.server.asked.append(asked)
        page = self.server.pages.get(self.path, self.server.default)
        reply = page(asked) if callable(page) else page
        if reply.write is not None:
            self.close_connection = True
            with suppress(OSError):  # the client hangs up, as it should
                reply.write(self)
            return
        asked.ended = time.monotonic()  # before who asked can know it, and ask again
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.status != 304:
            self.wfile.write(reply.body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        pass
