"""Memory stays bounded whatever servers do."""

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from newsletter.wiring import Workspace
from tests.pulling.feed_text import RSS, item, rss
from tests.web_server import Reply, WebServer

MB = 1024 * 1024


def endless(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
    while True:
        handler.wfile.write(b"<item>again</item>" * 1000)


@pytest.mark.usefixtures("processes")
def test_the_peak_is_bounded(workspace: Workspace) -> None:
    """24 hosts at once, most of them with as much as they can: bombs, endless and huge feeds."""
    toml = workspace.root / "newsletter.toml"
    toml.write_text(toml.read_text().replace('["127.0.0.1"]', '["127.0.0.0/8"]'))
    posts = (item(f"Post {number}", text="é word " * 14_000) for number in range(80))
    huge = rss(*posts).encode()
    assert 8 * MB < len(huge) < 15 * MB
    paths = ["bomb", "huge", "endless", "huge", "bomb", "good"] * 4
    with ExitStack() as stack:
        urls = []
        for number, path in enumerate(paths, 1):
            server = stack.enter_context(WebServer(f"127.0.{number}.1"))
            server.gzipped("/bomb", b"<rss>" + b" " * 60 * MB)
            server.gzipped("/huge", huge)
            server.pages["/endless"] = Reply(write=endless)
            server.page("/good", RSS)
            urls.append(f"{server.url}/{path}")
        measured = pulled(workspace.root, urls)
    expected = {"bomb": "too large", "endless": "too large", "huge": "new", "good": "new"}
    assert measured["results"] == [expected[path] for path in paths]
    assert measured["peak"] < 600 * MB, f"{measured['peak'] / MB:.0f} MB"


def pulled(root: Path, urls: list[str]) -> dict[str, Any]:
    """What tests/pulling/measured_pull.py says of a pull of these addresses."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("measured_pull.py"), root, *urls],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured
