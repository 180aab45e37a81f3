"""A pull that is killed leaves the store whole, and is simply run again."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from newsletter.wiring import Workspace
from tests.processes import PATIENCE, ROOT, started, until
from tests.pulling.conftest import Puller
from tests.pulling.feed_text import item, rss
from tests.web_server import Asked, Reply, WebServer

LATELY = format_datetime(datetime.now(UTC) - timedelta(hours=1))
FEEDS = 24
ENTRIES = 15

pytestmark = pytest.mark.usefixtures("processes")


@pytest.mark.parametrize("feeds_before_the_kill", [1, 7, 20])
def test_every_feed_is_there_whole_or_not_at_all(
    puller: Puller, server: WebServer, feeds_before_the_kill: int
) -> None:
    workspace = puller.workspace
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = pulling(workspace, server)
    with last_feed_held_back(server), started(command, **quiet) as process:
        until(lambda: len(server.asked) > feeds_before_the_kill, process)
    assert process.returncode == -signal.SIGKILL

    assert whole_feeds(workspace) < FEEDS
    report = puller.report(*workspace.organisations)
    assert not report.failed
    assert whole_feeds(workspace) == FEEDS


def test_an_entry_whose_page_was_being_read_is_not_left_short(
    puller: Puller, server: WebServer
) -> None:
    """It is stored with its page's words, or not yet."""
    server.pages["/clinic"] = Reply(write=lambda handler: server.released.wait())
    text = "The clinic opens on Monday with three lawyers."
    feed = rss(item("Clinic", link=f"{server.url}/clinic", text=text, date=LATELY))
    command = registered(
        puller.workspace,
        [
            f"  - {{id: harbor, name: H, url: '{server.url}', languages: [en],",
            f"     feeds: [{{url: '{server.page('/f', feed)}'}}],",
            "     terms: {text: full, pages: true}}",
        ],
    )
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with started(command, **quiet) as process:
        until(lambda: any(asked.path == "/clinic" for asked in server.asked), process)
    assert process.returncode == -signal.SIGKILL

    page = f"<article><p>{text}</p><p>{'Bring your papers. ' * 40}</p></article>"
    server.page("/clinic", page, content_type="text/html")
    puller.now = puller.workspace.now()
    assert puller.report(*puller.workspace.organisations).outcomes[0].pages == 1
    (found,) = puller.workspace.items.all()
    assert "Bring your papers." in found.text


def test_ctrl_c_ends_it_without_a_traceback(puller: Puller, server: WebServer) -> None:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = pulling(puller.workspace, server)
    with last_feed_held_back(server), started(command, **pipes) as process:
        until(lambda: len(server.asked) > 3, process)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert said.strip() == "Aborted!"
    assert not puller.report(*puller.workspace.organisations).failed
    assert whole_feeds(puller.workspace) == FEEDS


def test_a_full_disk_is_one_line(puller: Puller, server: WebServer) -> None:
    command = pulling(puller.workspace, server, text="many words " * 2000)
    puller.workspace.feeds.states()  # the database is there before the disk is full
    done = subprocess.run(
        ["prlimit", f"--fsize={400 * 1024}", *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 3
    first, *_ = done.stderr.splitlines()
    assert first.startswith("newsletter: the database does not work")
    assert "Traceback" not in done.stderr
    assert not puller.report(*puller.workspace.organisations).failed
    assert whole_feeds(puller.workspace) == FEEDS


def pulling(workspace: Workspace, server: WebServer, text: str = "") -> list[str]:
    """The command that pulls feeds of a workspace, which are there now."""
    lines = []
    for number in range(FEEDS):
        entries = [item(f"Post {number} {entry}", text=text) for entry in range(ENTRIES)]
        url = server.page(f"/{number}", rss(*entries))
        lines += [
            f"  - {{id: m{number}, name: M, url: 'https://m{number}.example', languages: [en],",
            f"     feeds: [{{url: '{url}'}}]}}",
        ]
    return registered(workspace, lines)


def registered(workspace: Workspace, members: list[str]) -> list[str]:
    """The command that pulls the feeds of these members."""
    (workspace.root / "feeds.yaml").write_text("\n".join(["organisations:", *members]))
    return [sys.executable, "-m", "newsletter", "-w", str(workspace.root), "pull", "--json"]


@contextmanager
def last_feed_held_back(server: WebServer) -> Iterator[None]:
    """Within the block no pull comes to its end, however long this process is kept waiting."""
    path = f"/{FEEDS - 1}"
    page, let_go = server.pages[path], threading.Event()
    assert isinstance(page, Reply)

    def held_back(asked: Asked) -> Reply:
        let_go.wait(PATIENCE)
        return page

    server.pages[path] = held_back
    try:
        yield
    finally:
        let_go.set()
        server.pages[path] = page


def whole_feeds(workspace: Workspace) -> int:
    """How many feeds are stored; each with all its items, keys and a state."""
    with workspace.engine.begin() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        items = dict(
            connection.execute(text("SELECT feed_url, count(*) FROM items GROUP BY 1")).all()
        )
        keys = connection.execute(text("SELECT count(DISTINCT item_id) FROM item_keys")).scalar()
    states = workspace.feeds.states()
    assert set(items.values()) <= {ENTRIES}
    assert keys == sum(items.values())
    assert {url for url, state in states.items() if state.result.is_success} == set(items)
    return len(items)


def test_workers_end_with_the_pull(puller: Puller) -> None:
    with WebServer() as server:
        puller.one(server.page("/f", rss(item("One"))))
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    names = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children]
    assert not any(b"newsletter.pulling.parse.worker" in name for name in names)
