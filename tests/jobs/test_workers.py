"""Workers as real processes: killed, stopped, drained, several at once, the database restarted."""

import os
import signal
import subprocess
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from newsletter.wiring import Workspace
from tests.jobs.conftest import worker
from tests.jobs.process import DUE, LET_GO, LOG, LONG, noted
from tests.processes import until

pytestmark = pytest.mark.usefixtures("processes")


def is_due(root: Path, hosts: str, each: int) -> list[str]:
    keys = [f"{host}.{number}" for host in hosts for number in range(each)]
    (root / DUE).write_text("\n".join(keys))
    return keys


def are_done(root: Path, keys: list[str]) -> Callable[[], bool]:
    return lambda: set(noted(root, "end")) >= set(keys)


def overlaps(root: Path, *without: subprocess.Popen[str]) -> int:
    """How often a lock's next began before the one before it had ended, on workers that were not
    killed or stopped."""
    left_out = {str(process.pid) for process in without}
    held: defaultdict[str, set[str]] = defaultdict(set)
    count = 0
    for line in (root / LOG).read_text().splitlines():
        word, key, _, pid, _ = line.split()
        if pid in left_out:
            continue
        lock = held[key.partition(".")[0]]
        if word == "begin":
            count += bool(lock)
            lock.add(key + pid)
        else:
            lock.discard(key + pid)
    return count


def test_what_a_killed_worker_had_at_hand_is_done_by_the_next(on_sqlite: Path) -> None:
    keys = is_due(on_sqlite, "abcd", 2)
    with worker(on_sqlite, 0.5) as first:
        until(lambda: len(noted(on_sqlite, "begin")) >= 3, first)
        first.kill()
    at_hand = set(noted(on_sqlite, "begin")) - set(noted(on_sqlite, "end"))
    assert at_hand
    with worker(on_sqlite, 0.1) as second:
        until(are_done(on_sqlite, keys), second)
        second.send_signal(signal.SIGTERM)
        assert second.wait() == 0
    begun = noted(on_sqlite, "begin")
    assert {key for key, times in begun.items() if times > 1} == at_hand
    assert set(noted(on_sqlite, "end").values()) == {1}
    assert overlaps(on_sqlite, first) == 0


def test_a_drained_worker_finishes_what_it_began_and_begins_nothing(on_sqlite: Path) -> None:
    is_due(on_sqlite, "abcdefgh", 2)
    with worker(on_sqlite, 1) as only:
        until(lambda: len(noted(on_sqlite, "begin")) >= 3, only)
        only.send_signal(signal.SIGTERM)
        assert only.wait() == 0
    begun = noted(on_sqlite, "begin")
    assert begun == noted(on_sqlite, "end")
    assert len(begun) < 16
    workspace = Workspace.open(on_sqlite, os.environ)
    assert not any(run.worker for run in workspace.jobs.open()), "the rest waits, and is nobody's"
    assert not workspace.jobs.workers(since=workspace.now().replace(year=2000))
    workspace.engine.dispose()


def test_three_workers_share_the_work_though_one_is_killed_one_stopped_and_one_drained(
    on_postgres: Path,
) -> None:
    root = on_postgres
    keys = is_due(root, "abcdefghijkl", 4)
    with ExitStack() as running:
        killed, stopped, drained = (running.enter_context(worker(root)) for _ in range(3))
        until(lambda: len(noted(root, "end")) >= 6, killed)
        killed.kill()
        stopped.send_signal(signal.SIGSTOP)
        last = running.enter_context(worker(root))
        until(lambda: len(noted(root, "end")) >= 20, last)
        drained.send_signal(signal.SIGTERM)
        assert drained.wait() == 0
        until(are_done(root, keys), last)
        stopped.send_signal(signal.SIGCONT)
        for process in (stopped, last):
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
    begun = noted(root, "begin")
    assert max(begun.values()) <= 2
    assert sum(begun.values()) - len(keys) <= 12, "what the killed and the stopped one had at hand"
    assert overlaps(root, killed, stopped) == 0
    workspace = Workspace.open(root, os.environ)
    assert not workspace.jobs.open()
    assert not workspace.jobs.failed()
    workspace.engine.dispose()


def test_no_two_of_a_lock_are_at_work_at_once_on_two_workers(on_postgres: Path) -> None:
    keys = is_due(on_postgres, "abc", 6)
    with worker(on_postgres, 0.1) as one, worker(on_postgres, 0.1) as two:
        until(are_done(on_postgres, keys), one)
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
    assert noted(on_postgres, "begin") == dict.fromkeys(keys, 1)
    assert overlaps(on_postgres) == 0


def test_workers_go_on_when_the_database_was_away(own_server: tuple[Path, Any]) -> None:
    root, server = own_server
    keys = is_due(root, "abcdef", 3)
    # Nobody is given up for dead meanwhile, however long a busy machine takes to start it again.
    with worker(root, 0.5, stalled=60) as one, worker(root, 0.5, stalled=60) as two:
        until(lambda: len(noted(root, "end")) >= 4, one)
        server.stop()
        before = len(noted(root, "end"))
        until(lambda: "could not say that it is at work" in (root / "log.txt").read_text(), one)
        server.start()
        until(are_done(root, keys), one)
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
    assert before < len(keys)
    assert max(noted(root, "begin").values()) <= 2
    assert overlaps(root) == 0
    workspace = Workspace.open(root, os.environ)
    assert not workspace.jobs.failed()
    workspace.engine.dispose()


def test_after_a_restart_of_the_database_others_are_begun_beside_a_long_run(
    own_server: tuple[Path, Any],
) -> None:
    root, server = own_server
    (root / DUE).write_text(LONG)
    with worker(root, stalled=60) as only:
        until(lambda: bool(noted(root, "begin")), only)
        server.stop()
        until(lambda: "could not look for locks" in (root / "log.txt").read_text(), only)
        server.start()
        keys = is_due(root, "ab", 3)
        until(are_done(root, keys), only)
        assert not noted(root, "end")[LONG]
        (root / LET_GO).touch()
        only.send_signal(signal.SIGTERM)
        assert only.wait() == 0
    assert noted(root, "begin") == dict.fromkeys([LONG, *keys], 1) == noted(root, "end")


def test_a_worker_ends_when_it_is_to_though_the_database_is_away(
    own_server: tuple[Path, Any],
) -> None:
    root, server = own_server
    keys = is_due(root, "a", 1)
    with worker(root) as only:
        until(are_done(root, keys), only)
        server.stop()
        until(lambda: "could not say that it is at work" in (root / "log.txt").read_text(), only)
        only.send_signal(signal.SIGTERM)
        assert only.wait() == 0
        server.start()
