"""The job that lends hands to sends: when hands are wanted, and where it leaves it to a person."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from newsletter.errors import AttentionError, ServiceError
from newsletter.jobs import send_issue
from newsletter.jobs.clock import new_worker
from newsletter.jobs.intervals import HELD
from newsletter.jobs.job import JobContext
from newsletter.jobs.registry import JOBS
from newsletter.jobs.run import run_one
from newsletter.model.delivery import DeliveryState, SendState
from newsletter.model.job import Due, Queue, RunOutcome, Schedule, WorkerSeen
from newsletter.model.ledger import Process
from newsletter.model.silence import SEND_IDLE, SENDER_LEASE, WORKER_SEEN, WORKER_STALLED
from newsletter.sending import send_control
from newsletter.sending.begin_send import SendOptions, begin
from newsletter.sending.send_plan import SplicerFor, plan
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.transport import DeliveryQueue, Transport
from newsletter.store.deliveries import deliveries, sends
from newsletter.store.items import items
from newsletter.store.job_runs import job_runs
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller, two_pieces
from tests.conftest import ENVIRONMENT
from tests.processes import PATIENCE
from tests.sending.parts import add_people

PEOPLE = 4


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line in a workspace with an approved issue and some people."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    two_pieces(workspace)
    add_people(workspace.engine, PEOPLE)
    call = caller(workspace)
    call("draft")
    call("approve", "--no-links", "--as", "Ana")
    return call


@pytest.fixture
def issue_id(run: Run, workspace: Workspace) -> str:
    """The approved issue, scheduled for a moment that has come."""
    (made,) = workspace.issues.approved_issues()
    due_at = workspace.now() + timedelta(hours=1)
    begin(workspace.sending, plan(workspace.sending, made), SendOptions(due_at=due_at))
    is_due(workspace, timedelta(seconds=1))
    return made


def is_due(workspace: Workspace, since: timedelta) -> None:
    """Have the send due for so long."""
    with workspace.engine.begin() as connection:
        connection.execute(update(sends).values(due_at=workspace.now() - since))


def due(workspace: Workspace) -> list[str]:
    assert JOBS["send"].due is not None
    return list(JOBS["send"].due(workspace, workspace.now()))


def put(workspace: Workspace) -> None:
    """Write down what is due, as the tick does."""
    now = workspace.now()
    found = Due(name="send", keys=tuple(due(workspace)), due_at=now, knows_failures=True)
    workspace.job_work.put([found], now=now, held=HELD)


def work(workspace: Workspace) -> None:
    """Look what is due of sends and run it, as a worker does each minute."""
    if not workspace.jobs.schedules().get("send", Schedule(name="send")).paused_by:
        put(workspace)
    worker = new_worker(workspace.now())
    for run in workspace.job_work.waiting(workspace.now()):
        if not JOBS[run.task.name].for_worker(run.task.key):
            run_one(run.id, workspace, JOBS, worker, StopSignal())


def lend(workspace: Workspace, key: str, *, worker: str = "one") -> None:
    JOBS["send"].run(JobContext(workspace=workspace, key=key, worker=worker, stop=StopSignal()))


def ended(workspace: Workspace, key: str, outcome: RunOutcome) -> None:
    """Write down how a run ended, as the runners do."""
    now = workspace.now()
    row = {"name": "send", "key": key, "due_at": now, "attempt": 1, "worker": "one"}
    row |= {"machine": "here", "error": "", "ended_at": now, "outcome": outcome.value}
    with workspace.engine.begin() as connection:
        connection.execute(insert(job_runs).values(row))


def at_work(workspace: Workspace, count: int, *, only: str = "", since: int = 0) -> None:
    """Workers that run; those of the marks `worker0.`, `worker1.`, … take on all jobs or some."""
    now = workspace.now() - timedelta(seconds=since)
    for number in range(count):
        worker = WorkerSeen(
            id=f"worker{number}.{only}", machine="here", started_at=now, seen_at=now, only=only
        )
        workspace.job_work.see(worker)


def joined(workspace: Workspace, issue_id: str) -> int:
    """Another machine that is at it."""
    send = workspace.ledger.find(issue_id)
    assert send is not None
    process = Process(host="elsewhere", pid=1)
    return workspace.ledger.join(send.id, process, now=workspace.now(), lease=SENDER_LEASE)


def state(workspace: Workspace, issue_id: str) -> SendState:
    send = workspace.ledger.find(issue_id)
    assert send is not None
    return send.state


def states(workspace: Workspace, issue_id: str) -> dict[DeliveryState, int]:
    send = workspace.ledger.find(issue_id)
    assert send is not None
    return workspace.ledger.tally(send.id).states


def mailed(workspace: Workspace) -> int:
    folder = workspace.root / "outbox" / "new"
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_what_a_worker_was_at_is_given_away_once_its_lease_has_run_out() -> None:
    assert WORKER_STALLED > SENDER_LEASE
    assert WORKER_STALLED > WORKER_SEEN
    assert SEND_IDLE > WORKER_STALLED
    assert (JOBS["send"].queue, JOBS["send"].lock("2026-W47:2")) == (Queue.SEND, "send:2026-W47:2")


def test_nothing_is_due_before_its_time_and_then_a_share_for_each_worker(
    issue_id: str, workspace: Workspace
) -> None:
    is_due(workspace, timedelta(minutes=-1))
    assert due(workspace) == []
    is_due(workspace, timedelta(0))
    assert due(workspace) == [f"{issue_id}:1"]
    at_work(workspace, 3)
    shares = ("1", "worker0.", "worker1.", "worker2.")
    assert due(workspace) == [f"{issue_id}:{share}" for share in shares]


def test_who_does_not_send_is_not_asked_to_join(issue_id: str, workspace: Workspace) -> None:
    at_work(workspace, 2, only="pull notices")
    assert due(workspace) == [f"{issue_id}:1"]
    assert not workspace.sending.has_worker()
    at_work(workspace, 1, only="pull send")
    assert workspace.sending.has_worker()
    assert due(workspace) == [f"{issue_id}:1", f"{issue_id}:worker0."]
    workspace.jobs.pause("send", "Ana")
    assert not workspace.sending.has_worker()


def test_what_waits_for_a_worker_that_is_gone_is_forgotten(
    issue_id: str, workspace: Workspace
) -> None:
    at_work(workspace, 2)
    put(workspace)
    assert [run.task.key for run in workspace.jobs.open()] == [
        f"{issue_id}:{share}" for share in ("1", "worker0.", "worker1.")
    ]
    at_work(workspace, 2, since=300)
    put(workspace)
    assert [run.task.key for run in workspace.jobs.open()] == [f"{issue_id}:1"]


def test_who_is_at_it_is_not_asked_again(issue_id: str, workspace: Workspace) -> None:
    at_work(workspace, 2)
    put(workspace)
    joined(workspace, issue_id)
    first = workspace.jobs.open()[0]
    worker = workspace.jobs.workers(since=workspace.now() - WORKER_SEEN)[1]
    assert workspace.job_work.take(first.id, worker, now=workspace.now())
    assert due(workspace) == [f"{issue_id}:worker0."]


def test_a_share_that_failed_is_tried_again_by_anybody(issue_id: str, workspace: Workspace) -> None:
    ended(workspace, f"{issue_id}:worker0.", RunOutcome.FAILED)
    (failed,) = workspace.jobs.failed()
    caller(workspace)("jobs", "retry", str(failed.id))
    assert [run.task.key for run in workspace.jobs.open()] == [f"{issue_id}:1"]
    assert workspace.jobs.failed() == ()
    put(workspace)
    assert [run.task.key for run in workspace.jobs.open()] == [f"{issue_id}:1"]


def test_what_is_due_is_sent_once(issue_id: str, workspace: Workspace) -> None:
    lend(workspace, f"{issue_id}:1")
    assert state(workspace, issue_id) is SendState.FINISHED
    assert mailed(workspace) == PEOPLE
    assert due(workspace) == []
    lend(workspace, f"{issue_id}:1")
    assert mailed(workspace) == PEOPLE


def test_one_goes_on_where_senders_died_and_all_join_who_is_at_work(
    issue_id: str, workspace: Workspace
) -> None:
    at_work(workspace, 2)
    with workspace.engine.begin() as connection:
        connection.execute(update(sends).values(state=SendState.RUNNING.value))
    assert due(workspace) == [f"{issue_id}:1"]
    sender = joined(workspace, issue_id)
    assert due(workspace) == [f"{issue_id}:worker0.", f"{issue_id}:worker1."]
    lend(workspace, f"{issue_id}:worker1.")
    assert mailed(workspace) == PEOPLE
    with workspace.engine.begin() as connection:  # the other one has somebody in its hands yet
        row = update(deliveries).where(deliveries.c.subscriber_id == 1)
        held = row.values(state=DeliveryState.CLAIMED.value, sender_id=sender)
        connection.execute(held)
        connection.execute(update(sends).values(state=SendState.RUNNING.value))
    assert due(workspace) == []
    send = workspace.ledger.find(issue_id)
    assert send is not None
    workspace.ledger.leave(send.id, sender, workspace.now())
    assert due(workspace) == [f"{issue_id}:1"]


def test_another_share_waits_for_the_checks_of_the_first_and_ends_where_those_fail(
    issue_id: str, workspace: Workspace
) -> None:
    waits = threading.Thread(target=lend, args=(workspace, f"{issue_id}:worker1."))
    waits.start()
    assert mailed(workspace) == 0
    send_control.pause(workspace.sending, issue_id)
    waits.join(PATIENCE)
    assert mailed(workspace) == 0
    assert due(workspace) == []


def test_a_machine_without_the_issue_leaves_it_to_one_that_has_it(
    issue_id: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_issue, "_UNTIL_BEGUN", 1)
    draft = workspace.root / "issues" / issue_id / "en.md"
    here = draft.rename(draft.with_suffix(".elsewhere"))
    with pytest.raises(ServiceError, match=r"en\.md is not here") as refused:
        lend(workspace, f"{issue_id}:1")
    assert "copy it from the machine where it was approved" in refused.value.hint
    here.rename(draft)  # the other share's machine
    lend(workspace, f"{issue_id}:worker1.", worker="two")
    assert mailed(workspace) == PEOPLE


def test_what_waits_for_a_person_is_not_looked_at_by_each_share(
    issue_id: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_issue, "_UNTIL_BEGUN", 1)
    ended(workspace, f"{issue_id}:1", RunOutcome.FAILED)
    lend(workspace, f"{issue_id}:worker1.")
    assert mailed(workspace) == 0


def test_a_worker_lends_hands_to_an_issue_once_at_a_time(
    issue_id: str, workspace: Workspace
) -> None:
    again: list[int] = []

    def at_the_same_time() -> None:
        joined(workspace, issue_id)
        lend(workspace, f"{issue_id}:worker1.")
        again.append(mailed(workspace))

    workspace.__dict__["sending"] = replace(workspace.sending, publish=at_the_same_time)
    lend(workspace, f"{issue_id}:1")
    assert again == [0]
    assert mailed(workspace) == PEOPLE


def gone_at_its_source(workspace: Workspace, issue_id: str) -> None:
    with workspace.engine.begin() as connection:
        connection.execute(update(items).values(withdrawn_at=workspace.now()))


def too_late(workspace: Workspace, issue_id: str) -> None:
    is_due(workspace, timedelta(hours=3))


def stood_still(workspace: Workspace, issue_id: str) -> None:
    before = workspace.now() - timedelta(hours=2)
    with workspace.engine.begin() as connection:
        running = update(sends).values(state=SendState.RUNNING.value, frozen_at=before)
        connection.execute(running)


def changed(workspace: Workspace, issue_id: str) -> None:
    draft = workspace.root / "issues" / issue_id / "en.md"
    draft.write_text(draft.read_text() + "\nMore.\n")


def approved_again(workspace: Workspace, issue_id: str) -> None:
    changed(workspace, issue_id)
    caller(workspace)("approve", "--no-links", "--as", "Ana")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (gone_at_its_source, "was removed at its source"),
        (too_late, "was to begin 3 hours ago"),
        (stood_still, "stood still for 2 hours"),
        (changed, "changed after it was approved"),
        (approved_again, "approved again while it was being sent"),
    ],
)
def test_what_would_be_asked_is_left_to_a_person(
    issue_id: str, workspace: Workspace, what: Callable[[Workspace, str], None], said: str
) -> None:
    what(workspace, issue_id)
    assert due(workspace) == [f"{issue_id}:1"]
    with pytest.raises(AttentionError, match=said) as refused:
        lend(workspace, f"{issue_id}:1")
    assert refused.value.hint
    assert mailed(workspace) == 0
    ended(workspace, f"{issue_id}:1", RunOutcome.FAILED)
    assert due(workspace) == [], "each minute again"

    joined(workspace, issue_id)  # a person sends it, who was asked
    with workspace.engine.begin() as connection:
        connection.execute(update(sends).values(state=SendState.RUNNING.value))
    at_work(workspace, 1)
    assert due(workspace) == [f"{issue_id}:worker0."]


def test_a_worker_that_cannot_join_is_not_asked_each_minute(
    issue_id: str, workspace: Workspace
) -> None:
    at_work(workspace, 2)
    joined(workspace, issue_id)
    ended(workspace, f"{issue_id}:worker0.", RunOutcome.FAILED)
    assert due(workspace) == [f"{issue_id}:worker1."]
    with workspace.engine.begin() as connection:
        before = workspace.now() - timedelta(minutes=11)
        connection.execute(update(job_runs).values(ended_at=before))
    assert len(due(workspace)) == 2


def test_a_send_that_failed_is_seen_explained_mended_and_tried_again(
    issue_id: str, run: Run, workspace: Workspace
) -> None:
    draft = workspace.root / "issues" / issue_id / "en.md"
    approved = draft.read_text()
    changed(workspace, issue_id)
    work(workspace)
    seen = run("jobs")
    assert seen.exit_code == 1
    (failed,) = workspace.jobs.failed()
    shown = run("jobs", "show", str(failed.id)).output
    assert f"job: send {issue_id}:1" in shown
    assert "changed after it was approved" in shown
    work(workspace)
    assert workspace.jobs.failed() == (failed,), "each minute again"
    draft.write_text(approved)
    run("jobs", "retry", str(failed.id))
    work(workspace)
    assert mailed(workspace) == PEOPLE
    assert run("jobs").exit_code == 0


def test_a_send_that_failed_is_let_be_and_one_that_is_paused_waits(
    issue_id: str, run: Run, workspace: Workspace
) -> None:
    run("jobs", "pause", "send", "--by", "Ana")
    work(workspace)
    assert (mailed(workspace), workspace.jobs.failed()) == (0, ())
    assert "send is paused, by Ana" in run("jobs").stderr
    run("jobs", "resume", "send")
    gone_at_its_source(workspace, issue_id)
    work(workspace)
    (failed,) = workspace.jobs.failed()
    run("jobs", "cancel", str(failed.id))
    assert run("jobs").exit_code == 0
    work(workspace)
    assert mailed(workspace) == 0


def test_who_is_asked_and_sends_is_helped_without_being_asked_again(
    issue_id: str, workspace: Workspace
) -> None:
    stood_still(workspace, issue_id)
    joined(workspace, issue_id)
    lend(workspace, f"{issue_id}:1")
    assert mailed(workspace) == PEOPLE


def test_after_somebody_was_mailed_again_it_goes_on_by_itself(
    issue_id: str, workspace: Workspace
) -> None:
    ended(workspace, f"{issue_id}:1", RunOutcome.CANCELLED)
    assert due(workspace) == []
    with workspace.engine.begin() as connection:
        connection.execute(update(deliveries).values(changed_at=workspace.now()))
    assert due(workspace) == [f"{issue_id}:1"]


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_what_a_person_ended_stays_so(issue_id: str, workspace: Workspace, verb: str) -> None:
    getattr(send_control, verb)(workspace.sending, issue_id)
    assert due(workspace) == []
    lend(workspace, f"{issue_id}:1")
    assert mailed(workspace) == 0


def test_those_who_wait_again_after_the_end_are_sent_to(
    issue_id: str, workspace: Workspace
) -> None:
    """`newsletter resend`, killed right after the choice was written down."""
    lend(workspace, f"{issue_id}:1")
    bounced = DeliveryState.BOUNCED
    with workspace.engine.begin() as connection:
        row = update(deliveries).where(deliveries.c.subscriber_id == 1)
        delivery = connection.execute(
            row.values(state=bounced.value).returning(deliveries.c.id)
        ).scalar_one()
    now = workspace.now()
    assert workspace.ledger.try_again({delivery: bounced}, decided_by="Ana", now=now) == 1
    assert due(workspace) == [f"{issue_id}:1"]
    assert state(workspace, issue_id) is SendState.RUNNING
    lend(workspace, f"{issue_id}:1")
    assert states(workspace, issue_id) == {DeliveryState.ACCEPTED: PEOPLE}


def test_a_person_hears_of_those_who_are_uncertain_at_the_end(
    issue_id: str, workspace: Workspace
) -> None:
    sender = joined(workspace, issue_id)
    send = workspace.ledger.find(issue_id)
    assert send is not None
    with workspace.engine.begin() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.subscriber_id == 1)
            .values(state=DeliveryState.CLAIMED.value, sender_id=sender, changed_at=workspace.now())
        )
    workspace.ledger.leave(send.id, sender, workspace.now())
    workspace.__dict__["sending"] = replace(
        workspace.sending, transport=_without_evidence(workspace)
    )
    with pytest.raises(AttentionError, match="1 person may or may not have got it"):
        lend(workspace, f"{issue_id}:1")
    assert states(workspace, issue_id) == {DeliveryState.ACCEPTED: 3, DeliveryState.UNCERTAIN: 1}
    assert due(workspace) == []


def _without_evidence(workspace: Workspace) -> Callable[[SplicerFor], Transport]:
    made = workspace.sending.transport

    def transport(splicer: SplicerFor) -> Transport:
        outbox = made(splicer)
        outbox.evidence = lambda message_id: None  # type: ignore[method-assign]
        return outbox

    return transport


def test_a_worker_that_slept_says_that_another_has_the_send_by_now(
    issue_id: str, workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    made, slept = workspace.sending, [timedelta(0)]
    send = workspace.ledger.find(issue_id)
    assert send is not None

    def clock() -> datetime:
        return workspace.now() + slept[0]

    def transport(splicer: SplicerFor) -> Transport:
        outbox = made.transport(splicer)
        deliver = outbox.deliver

        def sleep_first(queue: DeliveryQueue) -> None:
            slept[0] = 2 * SENDER_LEASE
            workspace.ledger.end_expired(send.id, now=clock(), is_gone=lambda process: None)
            deliver(queue)

        outbox.deliver = sleep_first  # type: ignore[method-assign]
        return outbox

    parts = replace(made, transport=transport, clock=clock)
    opened = workspace.opened_again()
    opened.__dict__["sending"] = parts
    workspace.__dict__["opened_again"] = lambda: opened
    work(workspace)
    assert mailed(workspace) == 0
    assert caplog.records[-1].levelname == "WARNING"
    assert caplog.messages[-1].endswith("Another send has taken over.")
    (run,) = workspace.jobs.latest(1)
    assert run.outcome is RunOutcome.DONE
    assert due(workspace) == [f"{issue_id}:1"]


def test_a_new_server_rests_until_tomorrow(issue_id: str, workspace: Workspace) -> None:
    config = workspace.config
    transport = replace(config.transport, warm_up=3)
    workspace = workspace.opened_again(replace(config, transport=transport))
    lend(workspace, f"{issue_id}:1")
    assert mailed(workspace) == 3
    assert due(workspace) == []
    assert state(workspace, issue_id) is SendState.RUNNING


def test_a_worker_that_is_to_end_begins_nothing(issue_id: str, workspace: Workspace) -> None:
    stop = StopSignal()
    stop.ask()
    JOBS["send"].run(JobContext(workspace=workspace, key=f"{issue_id}:1", worker="one", stop=stop))
    assert mailed(workspace) == 0
    assert due(workspace) == [f"{issue_id}:1"]


def test_an_issue_that_nobody_froze_is_not_begun(run: Run, workspace: Workspace) -> None:
    (approved,) = workspace.issues.approved_issues()
    assert due(workspace) == []
    lend(workspace, f"{approved}:1")
    assert workspace.ledger.find(approved) is None
