"""A worker that has rested begins anew in the same process, and nothing is lost by it."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.cli.begin_anew import taken_on
from newsletter.cli.work import LOCK
from newsletter.jobs.handed_on import ClockKnows, HandedOn
from newsletter.jobs.rest import Rest
from newsletter.model.job import WorkerSeen
from newsletter.wiring import Workspace
from tests.jobs.process import DUE, LOG, noted
from tests.jobs.rests.__main__ import LOADED
from tests.processes import ROOT, started, until

pytestmark = pytest.mark.usefixtures("processes")
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
LIMIT = 60  # MB
HEAVY = {
    "aiohttp", "alembic", "babel", "cryptography", "feedparser", "flufl", "icalendar", "jinja2",
    "lxml", "markdown_it", "mjml", "nh3", "PIL", "procrastinate", "psycopg_pool", "rich", "flask",
}  # fmt: skip


@pytest.fixture(params=["on_sqlite", "on_postgres"])
def root(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    (found / DUE).write_text("")
    (found / LOG).touch()
    return found


@contextmanager
def working(root: Path, moment: str = "") -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.jobs.rests", str(root), moment]
    with (root / "log.txt").open("a") as log, started(command, cwd=ROOT, stderr=log) as process:
        yield process


def starts(root: Path) -> int:
    return noted(root, "start")["worker"]


def has_begun_anew(root: Path, process: subprocess.Popen[str], times: int = 1) -> None:
    """Wait for it, from when the process is there."""
    until(lambda: starts(root) > times, process)
    assert process.poll() is None


def is_done(root: Path, process: subprocess.Popen[str], *keys: str) -> None:
    (root / DUE).write_text("\n".join(keys))
    until(lambda: set(noted(root, "end")) >= set(keys), process)


def workers(root: Path) -> set[str]:
    workspace = Workspace.open(root, os.environ)
    try:
        return {one.id for one in workspace.jobs.workers(since=NOW.replace(year=2000))}
    finally:
        workspace.engine.dispose()


def megabytes(process: subprocess.Popen[str]) -> float:
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def ends(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0


def test_it_goes_on_as_the_same_worker_and_does_each_thing_once(root: Path) -> None:
    with working(root) as process:
        has_begun_anew(root, process)
        (first,) = workers(root)
        is_done(root, process, "a.1", "b.1")
        has_begun_anew(root, process, times=starts(root))
        is_done(root, process, "a.1", "b.1", "c.1")
        assert workers(root) == {first}
        ends(process)
    assert noted(root, "begin") == {"a.1": 1, "b.1": 1, "c.1": 1}
    assert workers(root) == set()
    lines = (root / LOG).read_text().splitlines()
    assert {line.split()[-2] for line in lines} == {str(process.pid)}
    assert (root / "log.txt").read_text().count("Stop with Ctrl-C") == 1


def test_no_second_worker_slips_in_meanwhile(on_sqlite: Path) -> None:
    (on_sqlite / DUE).write_text("")
    taken: list[int] = []
    is_over = threading.Event()

    def grasp() -> None:
        with (on_sqlite / LOCK).open("r+") as file:
            while not is_over.is_set():
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    is_over.wait(0.001)
                    continue
                taken.append(1)
                return

    with working(on_sqlite) as process:
        has_begun_anew(on_sqlite, process)
        other = threading.Thread(target=grasp)
        other.start()
        try:
            is_done(on_sqlite, process, "a.1")
            has_begun_anew(on_sqlite, process, times=starts(on_sqlite))
            is_done(on_sqlite, process, "b.1")
        finally:
            is_over.set()
            other.join()
        ends(process)
    assert not taken


@pytest.mark.parametrize("moment", ["asked before", "asked after", "closed before", "closed after"])
def test_asked_to_end_at_that_moment_it_ends_as_it_should(root: Path, moment: str) -> None:
    with working(root, moment) as process:
        assert process.wait() == 0
    assert workers(root) == set()
    assert starts(root) == 2


@pytest.mark.parametrize("moment", ["killed before", "killed after"])
def test_killed_at_that_moment_it_leaves_all_to_the_next(root: Path, moment: str) -> None:
    with working(root, moment) as process:
        assert process.wait() == -signal.SIGKILL
    with working(root) as process:
        is_done(root, process, "a.1")
        ends(process)
    assert noted(root, "begin") == {"a.1": 1}


def test_where_it_cannot_it_goes_on_as_it_is(root: Path) -> None:
    with working(root, "refused") as process:
        until(lambda: "cannot begin anew" in (root / "log.txt").read_text(), process)
        is_done(root, process, "a.1")
        ends(process)
    assert noted(root, "begin") == {"a.1": 1}


def test_settings_that_are_half_saved_just_then_are_waited_for(root: Path) -> None:
    with working(root, "half saved") as process:
        until(lambda: "goes on as soon as it can" in (root / "log.txt").read_text(), process)
        (root / "whole.toml").rename(root / "newsletter.toml")
        is_done(root, process, "a.1")
        ends(process)
    assert noted(root, "begin") == {"a.1": 1}


def test_another_database_that_is_named_just_then_is_left_alone(on_sqlite: Path) -> None:
    (on_sqlite / DUE).write_text("")
    with working(on_sqlite, "another database") as process:
        assert process.wait() == 0
    assert "url is another one now" in (on_sqlite / "log.txt").read_text()
    assert not (on_sqlite / "other.db").exists()


def test_an_idle_worker_has_nothing_loaded_of_what_its_work_needs(root: Path) -> None:
    with working(root) as process:
        is_done(root, process, "a.1")
        has_begun_anew(root, process, times=starts(root))
        begun, looked = starts(root), noted(root, "look")["worker"]
        until(lambda: noted(root, "look")["worker"] > looked, process)
        process.send_signal(signal.SIGUSR1)
        until((root / LOADED).exists, process)
        assert starts(root) == begun
        ends(process)
    loaded = (root / LOADED).read_text().split()
    assert "newsletter.store.job_work" in loaded
    assert HEAVY.isdisjoint(name.partition(".")[0] for name in loaded)


def test_it_is_small_again_whatever_its_work_loaded_and_leaked(root: Path) -> None:
    with working(root, "large") as process:
        has_begun_anew(root, process)
        is_done(root, process, "a.1")
        at_work = megabytes(process)
        has_begun_anew(root, process, times=starts(root))
        looked = noted(root, "look")["worker"]
        until(lambda: noted(root, "look")["worker"] > looked, process)
        idle = megabytes(process)
        ends(process)
    assert at_work > LIMIT + 20
    assert idle < LIMIT


def test_what_is_handed_on_arrives_once_and_only_in_the_same_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = HandedOn(
        pid=os.getpid(),
        handle=7,
        database="d",
        worker=WorkerSeen(id="w", machine="m", started_at=NOW, seen_at=NOW, only="pull send"),
        clock=ClockKnows(rhythms={"draft": "weekly"}, ticked=NOW),
    )
    monkeypatch.setenv("NEWSLETTER_WORKER_GOES_ON", sent.as_text())
    assert taken_on() == sent
    assert taken_on() is None
    another = sent.as_text().replace(str(sent.pid), str(sent.pid + 1))
    monkeypatch.setenv("NEWSLETTER_WORKER_GOES_ON", another)
    assert taken_on() is None


def test_the_rest_lasts_while_anything_is_at_work_or_kept_ready(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads = [threading.main_thread()]  # other tests left some of theirs
    monkeypatch.setattr(threading, "enumerate", lambda: threads)
    rest = Rest(timedelta(0), has_worked=True)
    assert rest.is_over(at_work=0)
    assert not rest.is_over(at_work=1)
    assert not Rest(timedelta(0), has_worked=False).is_over(at_work=0)
    assert not Rest(timedelta(hours=1), has_worked=True).is_over(at_work=0)
    assert not Rest(None, has_worked=True).is_over(at_work=0)
    threads.append(threading.Thread(name="pulls", daemon=True))
    assert not rest.is_over(at_work=0)
    threads.pop()
    assert rest.is_over(at_work=0)
