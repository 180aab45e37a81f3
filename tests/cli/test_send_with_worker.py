"""`newsletter send` where a worker runs, and where none does."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from newsletter.errors import UsageError
from newsletter.jobs.job import JobContext
from newsletter.jobs.registry import JOBS
from newsletter.model.delivery import SendState
from newsletter.sending.stop_signal import StopSignal
from newsletter.store.deliveries import sends
from newsletter.store.job_runs import workers
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller, two_pieces
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML
from tests.processes import PATIENCE, started, until
from tests.sending.parts import add_people
from tests.sending.recorder import Running

PEOPLE = 30
ISSUE_AT = "2099-01-05 18:00"
SHOWN = "Monday, 2099-01-05 at 18:00 PST"

pytestmark = pytest.mark.usefixtures("processes")


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Running]:
    """A mail server that takes its time."""
    running = Running(tmp_path / "accepted")
    running.recorder.seconds = 0.05
    yield running
    running.close()


@pytest.fixture
def run(relay: Running, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in a workspace with an approved issue and some people."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    (workspace.root / "newsletter.toml").write_text(
        f'{NEWSLETTER_TOML}\n[transport]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {relay.port}\n'
        'security = "none"\nconnections = 1\n'
    )
    two_pieces(workspace)
    add_people(workspace.engine, PEOPLE)
    call = caller(workspace)
    call("draft")
    call("approve", "--no-links", "--as", "Ana")
    return call


def worker_seen(workspace: Workspace, ago: timedelta) -> None:
    now = workspace.now()
    row = {
        "id": "one",
        "machine": "here",
        "started_at": now - ago,
        "seen_at": now - ago,
        "only": "",
    }
    with workspace.engine.begin() as connection:
        connection.execute(insert(workers), row)


def state(workspace: Workspace) -> SendState:
    send = workspace.ledger.latest()
    assert send is not None
    return send.state


def test_where_a_worker_runs_a_scheduled_send_is_left_to_it(
    run: Run, workspace: Workspace, relay: Running
) -> None:
    worker_seen(workspace, timedelta(seconds=90))
    left = run("send", "--at", ISSUE_AT, "--yes")
    assert left.exit_code == 0
    assert f"is scheduled for {SHOWN}." in left.stderr
    assert "A worker (newsletter work) begins it then" in left.stderr
    assert "--cancel calls it off" in left.stderr
    assert state(workspace) is SendState.SCHEDULED

    again = run("send", "--at", ISSUE_AT, "--yes", "--json")
    assert json.loads(again.stdout)["state"] == "scheduled"
    with pytest.raises(UsageError, match="already fixed"):
        run("send", "--at", "2099-01-06 18:00", "--yes")

    for command in (["audit"], ["report"], ["send", "--status"]):
        shown = run(*command)
        assert shown.exit_code == 0
        assert f"scheduled for {SHOWN}" in shown.stderr
        as_data = json.loads(run(*command, "--json").stdout)
        assert as_data["due_at"].startswith("2099-01-06T02:00")
    assert "A worker (newsletter work) begins it then" in run("audit").stderr

    with workspace.engine.begin() as connection:
        connection.execute(update(sends).values(due_at=workspace.now()))
    send = workspace.ledger.latest()
    assert send is not None
    opened = Workspace.open(workspace.root, os.environ)
    key, stop = f"{send.issue_id}:1", StopSignal()
    JOBS["send"].run(JobContext(workspace=opened, key=key, worker="one", stop=stop))
    opened.engine.dispose()
    assert run("audit").exit_code == 0
    assert relay.accepted.total() == len(relay.accepted) == PEOPLE


def test_without_one_the_command_waits_and_says_so(run: Run, workspace: Workspace) -> None:
    worker_seen(workspace, timedelta(minutes=5))
    command = [sys.executable, "-m", "newsletter", "-w", str(workspace.root)]
    command += ["send", "--at", ISSUE_AT, "--yes"]
    with started(command, stderr=subprocess.PIPE) as waiting:
        assert waiting.stderr is not None
        said = ""
        while "waits until then" not in said:
            line = waiting.stderr.readline()
            assert line, said
            said += line
        assert "No worker that sends runs (newsletter work)" in said
        assert "a computer that stays awake" in said
        waiting.send_signal(signal.SIGINT)
        assert waiting.wait(PATIENCE) == 1
    assert state(workspace) is SendState.SCHEDULED

    status = run("send", "--status")
    assert status.exit_code == 1
    assert "No worker that sends runs" in status.stderr


@pytest.mark.parametrize("has_worker", [False, True])
def test_ctrl_c_stops_it_and_the_same_command_continues(
    run: Run, workspace: Workspace, relay: Running, *, has_worker: bool
) -> None:
    if has_worker:
        worker_seen(workspace, timedelta(0))
    command = [sys.executable, "-m", "newsletter", "-w", str(workspace.root), "send", "--yes"]
    with started(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as sending:
        until(lambda: relay.accepted.total() >= 3, sending)
        sending.send_signal(signal.SIGINT)
        _, said = sending.communicate(timeout=PATIENCE)
    assert sending.returncode == 1
    assert "Stopping. Mails already on their way will finish." in said
    assert "run newsletter send again to continue" in said
    assert state(workspace) is SendState.STOPPED
    assert relay.accepted.total() < PEOPLE
    status = run("send", "--status", "--json")
    assert status.exit_code == 1
    assert json.loads(status.stdout)["senders"] == 0

    relay.recorder.seconds = 0.0
    assert run("send", "--yes").exit_code == 0
    assert relay.accepted.total() == len(relay.accepted) == PEOPLE
    assert run("send", "--status").exit_code == 0


def test_the_status_before_the_first_send(run: Run) -> None:
    with pytest.raises(UsageError, match="nothing has been sent yet"):
        run("send", "--status")
