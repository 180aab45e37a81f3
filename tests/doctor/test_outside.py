"""What doctor finds when it asks for the public pages as a reader does."""

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from newsletter.doctor.findings import Status
from newsletter.doctor.outside import _refusal_of_large, outside
from newsletter.web.app import create_app
from newsletter.wiring import Workspace
from tests.sending.certificates import make_certificate
from tests.web_server import Asked, Reply, WebServer

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@contextmanager
def pages(workspace: Workspace) -> Iterator[str]:
    """The real pages, over a real connection."""
    server = make_server("127.0.0.1", 0, create_app(workspace), threaded=True)
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_our_own_pages_are_as_they_should_be(workspace: Workspace) -> None:
    with pages(workspace) as url:
        (finding,) = outside(url)
    assert finding.status is Status.FINE, finding


class Front(WebServer):
    """A web server in front: our pages, but for what it is told to do with some."""

    def __init__(self, **other: Reply) -> None:
        super().__init__(default=lambda asked: other.get(self.kind(asked)) or self.ours(asked))
        self.headers = dict(HEADERS)

    @staticmethod
    def kind(asked: Asked) -> str:
        if asked.path.startswith("/leave/"):
            return "large" if len(asked.body) > 1024 * 1024 else "leave"
        return asked.path.strip("/")

    def ours(self, asked: Asked) -> Reply:
        status = 404 if asked.path.startswith("/leave/") else 200
        return Reply(status=status, body=b"ok\n", headers=self.headers)


def test_a_server_in_front_that_changes_nothing_is_fine() -> None:
    with Front() as front:
        (finding,) = outside(front.url)
    assert finding.status is Status.FINE, finding


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"healthz": Reply(status=502, body=b"bad gateway")}, "answers 502"),
        ({"healthz": Reply(body=b"ok\n")}, "not as `newsletter serve` does"),
        ({"subscribe": Reply(headers={"Referrer-Policy": "origin"})}, "referrer-policy"),
        ({"subscribe": Reply(headers={**HEADERS, "Age": "60"})}, "a cache in front"),
        ({"subscribe": Reply(headers={**HEADERS, "CF-Cache-Status": "HIT"})}, "a cache in front"),
        ({"leave": Reply(status=403, body=b"are you a robot?")}, "cannot unsubscribe"),
        (dict.fromkeys(("leave", "large"), Reply(status=403)), "cannot unsubscribe"),
        ({"large": Reply(status=413)}, "stories with photos are lost"),
    ],
)
def test_what_a_server_in_front_hides_is_named(other: dict[str, Reply], said: str) -> None:
    with Front(**other) as front:
        found = outside(front.url)
    assert [finding.status for finding in found] == [Status.MISSING]
    assert said in found[0].message
    assert found[0].hint


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", "get 413"), (b"", "are cut off")],
)
def test_a_form_that_is_refused_before_it_is_all_there_is_named(answer: bytes, said: str) -> None:
    """nginx answers to the head alone, and then hangs up on the rest."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=refuse_the_rest, args=(server, answer))
        thread.start()
        refused = _refusal_of_large(urlsplit(f"http://127.0.0.1:{server.getsockname()[1]}"))
        thread.join()
    assert refused == said


def refuse_the_rest(server: socket.socket, answer: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(100)
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        if not answer:  # a reset, not a goodbye
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_name_that_leads_to_this_computer_is_not_outside() -> None:
    """Many servers have their own name in /etc/hosts: then port 8000 answers, to them alone."""
    with Front() as front:
        (finding,) = outside(f"http://localhost:{front.port}")
    assert finding.status is Status.LOOK
    assert "nothing was asked from outside" in finding.message


def test_nobody_there_is_one_line() -> None:
    (finding,) = outside("http://127.0.0.1:1")
    assert finding.status is Status.MISSING
    assert "does not answer: nothing answers at that port" in finding.message


def test_a_certificate_that_is_not_valid_is_named(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(make_certificate(tmp_path))
    with Front() as front:
        front.socket = context.wrap_socket(front.socket, server_side=True)
        (finding,) = outside(f"https://localhost:{front.port}")
    assert "the certificate of localhost is not valid" in finding.message


def test_without_an_address_nothing_is_asked() -> None:
    assert outside("") == []
