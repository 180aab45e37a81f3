"""A worker goes on with a send whose computer was killed, and stops when a story is withdrawn."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from newsletter.model.delivery import SendState
from newsletter.wiring import Workspace
from tests.jobs.sharing import QUICK, let_them_look
from tests.processes import started, until
from tests.stories.test_withdrawn_mid_send import (
    ISSUE,
    PEOPLE,
    Machine,
    assert_nobody_later_got_it,
    machine,
    prepare,
    without_the_story,
)

__all__ = ["machine"]

pytestmark = pytest.mark.usefixtures("processes")


@contextmanager
def working(machine: Machine) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", QUICK, "-w", str(machine.root), "work", "--only", "send"]
    with started(command, env=machine.environ, stderr=subprocess.DEVNULL) as worker:
        yield worker


def is_paused(workspace: Workspace) -> bool:
    send = workspace.ledger.find(ISSUE)
    return send is not None and send.state is SendState.PAUSED


def test_a_story_withdrawn_while_a_worker_sends_is_in_no_later_message(machine: Machine) -> None:
    code, story_id = prepare(machine)
    with machine.sending() as sender:
        machine.wait_for(60)
        sender.kill()
    killed_at = len(machine.messages())
    workspace = Workspace.open(machine.root, machine.environ)
    with working(machine):
        machine.wait_for(killed_at + 60)
        machine.run("stories", "withdraw", code)
        at_withdrawal = set(machine.messages())
        until(lambda: is_paused(workspace))
        let_them_look(workspace)
        stopped = set(machine.messages())
        assert len(stopped - at_withdrawal) <= 2
        assert len(stopped) < PEOPLE
        assert story_id in machine.run("jobs", code=1)
        without_the_story(machine, story_id)
        let_them_look(workspace)
        assert set(machine.messages()) == stopped
        machine.run("send", ISSUE, "--yes", "--anyway", "--resume", "--rate", "10000")
    assert_nobody_later_got_it(machine, stopped)
    workspace.engine.dispose()
