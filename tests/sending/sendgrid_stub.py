"""A SendGrid of our own on loopback, that writes down whom it takes before it says so.

`python -m tests.sending.sendgrid_stub FILE` prints its port and serves until it is ended. Every
accepted person becomes a line of FILE: our custom argument. One write a request, before the 202.
"""

import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.web_server import Asked, Reply, WebServer

Respond = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes] | None]


def taken(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """The usual answer."""
    sandbox = body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable")
    return (200 if sandbox else 202), {"X-Message-Id": "sg-1"}, b""


class Stub(WebServer):
    """`respond` decides; None breaks the connection off. `bodies` keeps what was asked."""

    def __init__(self, file: Path, respond: Respond = taken, *, keep: bool = True) -> None:
        self.respond = respond
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self._out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._keep = keep
        super().__init__(default=self._answer)

    def _answer(self, asked: Asked) -> Reply:
        body = json.loads(asked.body) if asked.body else None
        self.paths.append(asked.path)
        if self._keep:
            self.bodies.append(body)
        else:
            self.asked.clear()
        answer = self.respond(body or {})
        if answer is None or answer[0] == 202:
            names = [
                person["custom_args"]["newsletter_delivery"]
                for person in (body or {}).get("personalizations", [])
            ]
            os.write(self._out, "".join(f"{name}\n" for name in names).encode())
        if answer is None:
            return Reply(write=lambda _connection: None)
        status, headers, content = answer
        return Reply(status=status, headers=headers, body=content)

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        os.close(self._out)


if __name__ == "__main__":
    with Stub(Path(sys.argv[1]), keep=False) as stub:
        sys.stdout.write(f"{stub.port}\n")
        sys.stdout.flush()
        threading.Event().wait()
