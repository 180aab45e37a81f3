"""A scheduled send that workers share, under faults and with people beside them: everyone once.
`bench/shared_send.py` does the first with 20,000 people."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from newsletter.model.delivery import SendState
from newsletter.sending import send_control
from newsletter.store.job_runs import job_runs
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML, url_of
from tests.jobs.sharing import (
    CONNECTIONS,
    QUICK,
    Process,
    Shared,
    everyone_once,
    let_them_look,
    restarting,
    schedule,
    shared,
    stopped,
    under_faults,
    working,
)
from tests.processes import PATIENCE, started, until

PEOPLE = 400

pytestmark = pytest.mark.usefixtures("processes")


@pytest.fixture
def one(tmp_path: Path, postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with shared(tmp_path, url_of(postgres), PEOPLE, NEWSLETTER_TOML) as made:
        yield made


@contextmanager
def by_hand(one: Shared, *options: str) -> Iterator[Process]:
    """Somebody's `newsletter send`."""
    command = [sys.executable, "-m", "newsletter", "-w", str(one.workspace.root), "send"]
    with started([*command, "--yes", *options], stderr=subprocess.DEVNULL) as process:
        yield process


def test_a_scheduled_send_is_shared_under_faults(one: Shared) -> None:
    with working(one, 3, QUICK) as workers:
        with stopped(one.server):
            schedule(one)
            until(lambda: one.at_it() == 3)
        under_faults(one, workers, asleep=1.0, restart=restarting(one.url))

        assert one.settle_by_record() <= CONNECTIONS  # in the hands of the one that was killed
        until(lambda: one.audited().is_complete)
        everyone_once(one)
        runs = select(job_runs.c.key, job_runs.c.worker).where(job_runs.c.worker != "")
        with one.workspace.engine.begin() as connection:
            shares = [(key.rpartition(":")[2], worker) for key, worker in connection.execute(runs)]
        assert all(share in ("1", worker[: len(share)]) for share, worker in shares)


def test_people_join_stop_and_continue_what_workers_send(one: Shared) -> None:
    with working(one, 2, QUICK):
        with stopped(one.server):
            schedule(one)
            until(lambda: one.at_it() == 2)
            with by_hand(one) as hand:
                until(lambda: one.at_it() == 3, hand)
                send_control.pause(one.workspace.sending, one.issue_id)
                one.server.send_signal(signal.SIGCONT)
                assert hand.wait(PATIENCE) == 1
        until(lambda: one.at_it() == 0)
        paused_at = one.accepted()
        let_them_look(one.workspace)
        assert (one.state, one.accepted()) == (SendState.PAUSED, paused_at)

        with stopped(one.server), by_hand(one, "--resume") as hand:
            until(lambda: one.at_it() == 3, hand)
            hand.send_signal(signal.SIGINT)
            until(lambda: one.state is SendState.STOPPED, hand)
            one.server.send_signal(signal.SIGCONT)
            assert hand.wait(PATIENCE) == 1
        until(lambda: one.at_it() == 0)
        stopped_at = one.accepted()
        let_them_look(one.workspace)
        assert (one.state, one.accepted()) == (SendState.STOPPED, stopped_at)
        assert stopped_at < PEOPLE

        with by_hand(one) as hand:
            assert hand.wait(PATIENCE) in (0, 1)  # 1: the last ones are in a worker's hands
        until(lambda: one.state is SendState.FINISHED)
        everyone_once(one)
