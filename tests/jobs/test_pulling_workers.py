"""The real `pull`, by workers that are killed, stopped and drained, and a database that is away.

In full, by the real program and its own times, by `make soak`: 300 feeds of 60 hosts.
"""

import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from newsletter.jobs.small_runner import REST_AT_ONCE
from newsletter.model.pulling import FeedState
from newsletter.pulling import store_thread
from newsletter.pulling.pull import pull
from newsletter.store.host_claims import host_claims
from newsletter.wiring import Workspace
from tests.jobs.conftest import logged, worker
from tests.processes import until
from tests.pulling.feed_text import RSS
from tests.web_server import Asked, Reply, WebServer

IN_FULL = "NEWSLETTER_SOAK_FEEDS" in os.environ
HOSTS = int(os.environ.get("NEWSLETTER_SOAK_HOSTS", "16"))  # more than three workers ask at once
FEEDS = int(os.environ.get("NEWSLETTER_SOAK_FEEDS", "48"))
STALLED = 10.0  # seconds; by the program's own times three minutes
STOPPED = float(os.environ.get("NEWSLETTER_SOAK_STOPPED", STALLED + 2))
ANSWERS_AFTER = 0.2  # seconds: so that two that ask a host at once are seen
HELD_BACK = 5.0  # seconds, at most
PROGRAM = [sys.executable, "-m", "newsletter", "-w"]

pytestmark = pytest.mark.usefixtures("processes")


@pytest.fixture
def sites() -> Iterator[WebServer]:
    """Every host, by its loopback address; what is asked early is held back until `released`. Every
    other feed says by a tag that it is unchanged."""

    def answer(asked: Asked) -> Reply:
        running.released.wait(HELD_BACK)
        time.sleep(ANSWERS_AFTER)
        if "if-none-match" in asked.headers:
            return Reply(status=304)
        tag = {"ETag": '"1"'} if int(asked.path.removeprefix("/feed")) % 2 else {}
        return Reply(body=RSS.encode(), headers={"Content-Type": "application/rss+xml", **tag})

    with WebServer("0.0.0.0", default=answer) as running:
        yield running


def at_work(root: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    """A worker: the real program, or the same with short times."""
    if IN_FULL:
        return logged(root, [*PROGRAM, str(root), "work"])
    return worker(root, "pull", stalled=STALLED)


@contextmanager
def opened(root: Path) -> Iterator[Workspace]:
    workspace = Workspace.open(root, os.environ)
    try:
        yield workspace
    finally:
        workspace.engine.dispose()


def registered(root: Path, sites: WebServer) -> list[FeedState]:
    """Write the registry; return what is known of its feeds: nothing, or the tag of every other."""
    toml = (root / "newsletter.toml").read_text().replace('["127.0.0.1"]', '["127.0.0.0/8"]')
    if IN_FULL:
        toml = toml.replace("host_pause_seconds = 0\n", "")
    (root / "newsletter.toml").write_text(toml)
    lines, states = ["organisations:"], []
    for number in range(FEEDS):
        url = f"http://127.0.9.{number % HOSTS + 1}:{sites.port}/feed{number}"
        lines += [f"  - id: m{number}", f"    name: M {number}", f"    url: {url}"]
        lines += ["    languages: [en]", "    feeds:", f'      - {{url: "{url}", kind: news}}']
        etag = '"1"' if number % 2 else ""
        states.append(FeedState(url=url, organisation_id=f"m{number}", etag=etag))
    (root / "feeds.yaml").write_text("\n".join(lines) + "\n")
    return states


def are_due(root: Path, states: Iterable[FeedState], at: datetime) -> None:
    with opened(root) as workspace:
        workspace.feeds.save(replace(state, next_due_at=at) for state in states)


def now_due(root: Path) -> datetime:
    """Have all feeds that were ever asked be due; return since when."""
    with opened(root) as workspace:
        now = workspace.now()
        states = workspace.feeds.states().values()
    are_due(root, states, now)
    return now


def are_pulled(root: Path, since: datetime) -> bool:
    with opened(root) as workspace:
        states = workspace.feeds.states().values()
        return all(state.last_success_at and state.last_success_at >= since for state in states)


def seen(root: Path) -> int:
    """How many workers ever said that they are at work, and did not end as they should."""
    with opened(root) as workspace:
        return len(workspace.jobs.workers(since=workspace.now() - timedelta(days=1)))


def is_asking(root: Path, process: subprocess.Popen[str], sites: WebServer) -> bool:
    """Whether it has asked a host that is its own."""
    with opened(root) as workspace, workspace.engine.connect() as connection:
        its = select(host_claims.c.name).where(host_claims.c.pid == process.pid)
        hosts = set(connection.scalars(its))
    return any(one.headers["host"].partition(":")[0] in hosts for one in list(sites.asked))


def drained(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        assert process.wait() == 0


class Record:
    """What the sites were asked since it was made."""

    def __init__(self, sites: WebServer) -> None:
        self._sites, self._begin = sites, len(sites.asked)

    def __len__(self) -> int:
        return len(self._sites.asked) - self._begin

    @property
    def asked(self) -> list[Asked]:
        return self._sites.asked[self._begin :]

    @property
    def by_feed(self) -> dict[str, list[Asked]]:
        by_feed: defaultdict[str, list[Asked]] = defaultdict(list)
        for one in self.asked:
            by_feed[one.path].append(one)
        return by_feed

    @property
    def hosts_asked_again(self) -> set[str]:
        """Those with a feed that was asked twice; more often none ever is."""
        assert all(len(asked) <= 2 for asked in self.by_feed.values())
        return {asked[0].headers["host"] for asked in self.by_feed.values() if len(asked) == 2}

    def at_once(self, until: float = math.inf) -> int:
        """How often a host was asked by a second one while it answered the first."""
        busy_until: dict[str, float] = {}
        count = 0
        for one in sorted(self.asked, key=lambda one: one.started):
            host = one.headers["host"]
            count += one.started < min(busy_until.get(host, 0), until)
            busy_until[host] = max(one.ended, one.started + ANSWERS_AFTER)
        return count

    def say(self, fault: str, began: float) -> None:
        print(  # noqa: T201 - what `make soak` notes
            f"\n{fault}: {FEEDS} feeds of {HOSTS} hosts, {len(self)} requests, "
            f"{len(self) - len(self.by_feed)} feeds asked twice, {self.at_once()} times a host "
            f"by two at once; {time.monotonic() - began:.0f} s"
        )


def test_each_feed_is_pulled_though_workers_and_the_database_go(
    own_server: tuple[Path, Any], sites: WebServer
) -> None:
    root, server = own_server
    states = registered(root, sites)
    are_due(root, states, datetime.now(UTC) + timedelta(days=1))
    with ExitStack() as running:
        killed, stopped, other = (running.enter_context(at_work(root)) for _ in range(3))
        until(lambda: seen(root) == 3, other, every=0.1)
        faults, began = Record(sites), time.monotonic()
        since = now_due(root)
        for process in (killed, stopped):
            until(lambda: is_asking(root, process, sites), other)  # noqa: B023 - called here
        killed.kill()
        stopped.send_signal(signal.SIGSTOP)
        since_stopped = time.monotonic()
        sites.released.set()
        last = running.enter_context(at_work(root))
        until(lambda: len(faults.by_feed) >= FEEDS // 2 and seen(root) == 4, last, every=0.1)
        server.stop()
        server.start()
        drained(other)
        until(lambda: time.monotonic() - since_stopped > STOPPED, last)
        thawed = time.monotonic()
        stopped.send_signal(signal.SIGCONT)
        until(lambda: are_pulled(root, since), last, every=0.3)
        faults.say(f"killed, stopped for {STOPPED:.0f} s, drained, PostgreSQL restarted", began)
        assert len(faults.by_feed) == FEEDS
        assert len(faults.hosts_asked_again) <= 2 * REST_AT_ONCE, "what the two were at"
        assert faults.at_once(until=thawed) == 0
        assert faults.at_once() <= REST_AT_ONCE, "what the thawed one had open"
        calm, began = Record(sites), time.monotonic()
        since = now_due(root)
        until(lambda: are_pulled(root, since), last, every=0.3)
        drained(stopped, last)
    calm.say("the next time", began)
    assert len(calm) == len(calm.by_feed) == FEEDS
    assert calm.at_once() == 0
    with opened(root) as workspace:
        assert not workspace.jobs.failed()


def test_each_feed_is_pulled_by_one_worker_on_sqlite_that_is_killed(
    on_sqlite: Path, sites: WebServer
) -> None:
    root = on_sqlite
    are_due(root, registered(root, sites), datetime.now(UTC))
    record, since, began = Record(sites), datetime.now(UTC), time.monotonic()
    sites.released.set()
    with at_work(root) as first:
        until(lambda: len(record) >= FEEDS // 3, first)
        first.kill()
    with at_work(root) as second:
        until(lambda: are_pulled(root, since), second, every=0.3)
        record.say("SQLite, killed and started again", began)
        assert len(record.by_feed) == FEEDS
        assert len(record.hosts_asked_again) <= REST_AT_ONCE, "what it was at"
        assert record.at_once() == 0
        calm, began = Record(sites), time.monotonic()
        since = now_due(root)
        until(lambda: are_pulled(root, since), second, every=0.3)
        drained(second)
    calm.say("the next time", began)
    assert len(calm) == len(calm.by_feed) == FEEDS
    assert calm.at_once() == 0


def test_what_was_answered_outlives_a_restart_of_the_database(
    own_server: tuple[Path, Any], sites: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written when the database is back, and not asked again."""
    root, server = own_server
    states = registered(root, sites)
    missed, stopped = threading.Event(), threading.Event()
    monkeypatch.setattr(store_thread, "PATIENCE", 3600.0)

    def answer(_asked: Asked) -> Reply:
        if len(sites.asked) == 1:
            server.stop()
            stopped.set()
        return Reply(body=RSS.encode())

    def start_again() -> None:
        missed.wait()
        stopped.wait()  # the first connections end while it is still about it
        server.start()

    sites.default = answer
    with opened(root) as workspace, ThreadPoolExecutor(1) as thread:
        engine = workspace.engine
        event.listen(engine, "handle_error", lambda _: missed.set(), insert=True)
        began_again = thread.submit(start_again)
        report = pull(workspace.organisations, workspace.pulling())
        began_again.result()
        assert not report.failed
    assert len(sites.asked) == len(states)
