"""Shows a picture that must not touch disk: from memory, on loopback, until it was looked at."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

from newsletter.loopback import LoopbackServer


@contextmanager
def shown_locally(data: bytes, media_type: str) -> Iterator[str]:
    """Serve the picture on this machine within the block; yield an address nobody can guess."""
    path = f"/{secrets.token_urlsafe(16)}"

    class Show(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != path:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing: there is no log of who was looked at."""

    with LoopbackServer(Show) as server:
        yield server.url + path
