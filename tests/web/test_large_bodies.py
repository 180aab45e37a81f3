"""What waitress keeps of a page that was sent, while its connection stays open."""

import http.client
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from click.testing import CliRunner
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from newsletter.cli.main import cli
from newsletter.cli.serve import LARGEST_BODY
from newsletter.web import large_bodies
from newsletter.wiring import Workspace
from tests.processes import until
from tests.web.waitress_server import running

PAGE = b"We met at the river. " * 1000


def app(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", str(len(PAGE)))])
    return [PAGE]


def kept_of(channel: Any) -> bytes:
    with channel.outbuf_lock:
        return b"".join(outbuf.getfile().getvalue() for outbuf in channel.outbufs)


def test_nothing_of_a_page_that_was_sent_is_kept_with_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Behind a proxy or a browser, which keep theirs, the words stayed for half a minute."""
    monkeypatch.setattr(BaseWSGIServer, "channel_class", HTTPChannel)
    large_bodies.install()
    with running(app, map={}) as server:
        client = http.client.HTTPConnection("127.0.0.1", server.effective_port)
        for _ in range(2):
            client.request("GET", "/")
            assert client.getresponse().read() == PAGE
        (channel,) = server.active_channels.values()
        until(lambda: not kept_of(channel))
        client.close()
        until(lambda: not server.active_channels)


def test_no_page_goes_through_a_temporary_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From 1 MiB on waitress writes an answer to the disk: a long story, or its picture."""
    given: dict[str, Any] = {}

    def create_server(_app: object, **options: Any) -> None:
        given.update(options)
        raise OSError

    monkeypatch.setattr("waitress.create_server", create_server)
    for name in ("start_again_wiping", "gc.freeze"):  # this process is pytest, not a server
        monkeypatch.setattr(f"newsletter.cli.serve.{name}", lambda: None)
    key = {"NEWSLETTER_SECRET_KEY": "a key for tests only, 32 bytes long"}
    CliRunner().invoke(cli, ["-w", str(workspace.root), "serve"], env=key)
    assert min(given["inbuf_overflow"], given["outbuf_overflow"]) >= LARGEST_BODY
