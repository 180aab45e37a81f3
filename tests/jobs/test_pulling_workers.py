"""The real `pull`, by workers that are killed, stopped and drained, and a database that is away.

In full by `make soak`: 300 feeds of 60 hosts, one worker stopped for a minute.
"""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.wiring import Workspace
from tests.jobs.conftest import worker
from tests.processes import until
from tests.pulling.feed_text import RSS
from tests.web_server import Asked, Reply, WebServer

HOSTS = int(os.environ.get("NEWSLETTER_SOAK_HOSTS", "8"))
FEEDS = int(os.environ.get("NEWSLETTER_SOAK_FEEDS", "24"))
STOPPED = float(os.environ.get("NEWSLETTER_SOAK_STOPPED", "3"))  # seconds
ANSWERS_AFTER = 0.1  # seconds: so that two that ask a host at once are seen

pytestmark = pytest.mark.usefixtures("processes")


@pytest.fixture
def sites() -> Iterator[WebServer]:
    """Every host, by its loopback address."""

    def answer(asked: Asked) -> Reply:
        time.sleep(ANSWERS_AFTER)
        return Reply(body=RSS.encode(), headers={"Content-Type": "application/rss+xml"})

    with WebServer("0.0.0.0", default=answer) as running:
        yield running


def registered(root: Path, sites: WebServer) -> set[str]:
    """Write the registry; return each feed's host and path."""
    toml = root / "newsletter.toml"
    toml.write_text(toml.read_text().replace('["127.0.0.1"]', '["127.0.0.0/8"]'))
    feeds = [(f"127.0.9.{number % HOSTS + 1}", f"/feed{number}") for number in range(FEEDS)]
    lines = ["organisations:"]
    for number, (host, path) in enumerate(feeds):
        url = f"http://{host}:{sites.port}"
        lines += [f"  - id: m{number}", f"    name: M {number}", f"    url: {url}/m{number}"]
        lines += [
            "    languages: [en]",
            "    feeds:",
            f'      - {{url: "{url}{path}", kind: news}}',
        ]
    (root / "feeds.yaml").write_text("\n".join(lines) + "\n")
    return {f"{host}:{sites.port}{path}" for host, path in feeds}


def asked(sites: WebServer) -> Counter[str]:
    return Counter(one.headers["host"] + one.path for one in list(sites.asked))


def pulled(root: Path) -> int:
    """How many feeds were pulled, as the database has it."""
    workspace = Workspace.open(root, os.environ)
    try:
        return sum(state.last_success_at is not None for state in workspace.feeds.states().values())
    finally:
        workspace.engine.dispose()


def seen(root: Path) -> int:
    """How many workers ever said that they are at work."""
    workspace = Workspace.open(root, os.environ)
    try:
        return len(workspace.jobs.workers(since=workspace.now() - timedelta(days=1)))
    finally:
        workspace.engine.dispose()


def at_once(sites: WebServer) -> int:
    """How often a host was asked by a second one while it answered the first."""
    ends: dict[str, float] = {}
    count = 0
    for one in sorted(sites.asked, key=lambda one: one.started):
        host = one.headers["host"]
        count += one.started < ends.get(host, 0)
        ends[host] = max(ends.get(host, 0), one.ended)
    return count


def drained(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        assert process.wait() == 0


def test_each_feed_is_pulled_though_workers_and_the_database_go(
    own_server: tuple[Path, Any], sites: WebServer
) -> None:
    root, server = own_server
    feeds = registered(root, sites)
    stalled = max(STOPPED / 3, 2)
    with ExitStack() as running:
        killed, stopped, other = (
            running.enter_context(worker(root, "pull", stalled=stalled)) for _ in range(3)
        )
        until(lambda: len(sites.asked) >= FEEDS // 8 and seen(root) == 3, other)
        killed.kill()
        stopped.send_signal(signal.SIGSTOP)
        since = time.monotonic()
        last = running.enter_context(worker(root, "pull", stalled=stalled))
        until(lambda: len(asked(sites)) >= FEEDS // 2 and seen(root) == 4, last)
        server.stop()
        server.start()
        drained(other)
        until(lambda: time.monotonic() - since > STOPPED, last)
        stopped.send_signal(signal.SIGCONT)
        until(lambda: pulled(root) == FEEDS, last, every=0.3)
        drained(stopped, last)
    times = asked(sites)
    print(  # noqa: T201 - what `make soak` notes
        f"asked {sum(times.values())} times for {FEEDS} feeds, {at_once(sites)} at once"
    )
    assert set(times) == feeds
    assert max(times.values()) <= 3, "again for each fault that it met"
    assert sum(times.values()) <= FEEDS + 3 * 4 * (FEEDS // HOSTS), "what each fault met at hand"
    workspace = Workspace.open(root, os.environ)
    assert not workspace.jobs.failed()
    workspace.engine.dispose()


def test_each_feed_is_pulled_by_one_worker_on_sqlite_that_is_killed(
    on_sqlite: Path, sites: WebServer
) -> None:
    feeds = registered(on_sqlite, sites)
    with worker(on_sqlite, "pull") as first:
        until(lambda: len(sites.asked) >= FEEDS // 3, first)
        first.kill()
    with worker(on_sqlite, "pull") as second:
        until(lambda: pulled(on_sqlite) == FEEDS, second, every=0.1)
        drained(second)
    times = asked(sites)
    print(  # noqa: T201 - what `make soak` notes
        f"asked {sum(times.values())} times for {FEEDS} feeds, {at_once(sites)} at once"
    )
    assert set(times) == feeds
    assert max(times.values()) <= 2
    assert sum(times.values()) <= FEEDS + 4 * (FEEDS // HOSTS), "but for the hosts it was at"
    assert at_once(sites) <= 4, "the killed one's last requests go on in the server for a moment"
