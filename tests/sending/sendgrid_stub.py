"""A SendGrid of our own on loopback, that writes down whom it takes before it says so.

`python -m tests.sending.sendgrid_stub FILE` prints its port and serves until it is ended. Every
accepted person becomes a line of FILE: our custom argument. One write a request, before the 202.
"""

import json
import os
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Respond = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes] | None]


def taken(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """The usual answer."""
    sandbox = body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable")
    return (200 if sandbox else 202), {"X-Message-Id": "sg-1"}, b""


class Stub(ThreadingHTTPServer):
    """`respond` decides; None breaks the connection off. `bodies` keeps what was asked."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, file: Path, respond: Respond = taken, *, keep: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.respond = respond
        self.keep = keep
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        body = json.loads(data) if data else None
        self.server.paths.append(self.path)
        if self.server.keep:
            self.server.bodies.append(body)
        answer = self.server.respond(body or {})
        if answer is None or answer[0] == 202:
            names = [
                person["custom_args"]["newsletter_delivery"]
                for person in (body or {}).get("personalizations", [])
            ]
            os.write(self.server.out, "".join(f"{name}\n" for name in names).encode())
        if answer is None:
            self.close_connection = True
            return
        status, headers, content = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        return None


if __name__ == "__main__":
    stub = Stub(Path(sys.argv[1]), keep=False)
    sys.stdout.write(f"{stub.server_address[1]}\n")
    sys.stdout.flush()
    stub.serve_forever()
