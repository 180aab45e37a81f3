"""Whose access tokens are, for servers that ask (RFC 7662), on loopback."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import parse_qs

from tests.web_server import Asked, Reply, WebServer


@contextmanager
def introspection(users: Mapping[str, str]) -> Iterator[str]:
    """Say by token which user it is of; the address to ask at."""

    def told(asked: Asked) -> Reply:
        user = users.get(parse_qs(asked.body.decode())["token"][0])
        answer = {"active": True, "username": user} if user else {"active": False}
        return Reply(body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"})

    with WebServer(default=told) as server:
        yield f"{server.url}/introspect"
