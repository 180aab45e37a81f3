"""What is due is written down once, taken by one, ended by who holds it; on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from newsletter.config import Config
from newsletter.errors import (
    AttentionError,
    ConfigError,
    NewsletterError,
    SchemaError,
    ServiceError,
)
from newsletter.jobs.clock import new_worker
from newsletter.jobs.intervals import HELD, PAUSES
from newsletter.jobs.job import Job, JobContext
from newsletter.jobs.run import run_one
from newsletter.jobs.tick import Tick
from newsletter.model.job import Due, JobRun, Queue, RunOutcome, WorkerSeen
from newsletter.model.rhythm import parse_rhythm
from newsletter.sending.stop_signal import StopSignal
from newsletter.wiring import Workspace
from tests.conftest import NEWSLETTER_TOML

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def workspace(url: str, make_config: Callable[..., Config]) -> Iterator[Workspace]:
    opened = Workspace(config=make_config(NEWSLETTER_TOML, NEWSLETTER_DATABASE_URL=url))
    yield opened
    opened.engine.dispose()


def a_job(run: Callable[[JobContext], None] = lambda context: None, **more: object) -> Job:
    job = Job(name="note", queue=Queue.PULL, does="notes", run=run)
    return replace(job, **more)  # type: ignore[arg-type]


def fails_with(error: BaseException) -> Job:
    def run(context: JobContext) -> None:
        raise error

    return a_job(run)


def put(workspace: Workspace, *keys: str, now: datetime = NOW) -> None:
    due = Due(name="note", keys=keys, due_at=now)
    workspace.job_work.put([due], now=now, held=HELD)


def do(workspace: Workspace, job: Job, worker: WorkerSeen | None = None) -> None:
    """Have a worker run all that waits."""

    for run in workspace.job_work.waiting(workspace.now()):
        worker = worker or new_worker(NOW)
        run_one(run.id, workspace, {job.name: job}, worker, StopSignal())


def last(workspace: Workspace) -> JobRun:
    return (*workspace.jobs.open(), *workspace.jobs.latest(1))[0]


def test_what_waits_or_is_at_work_is_not_doubled(workspace: Workspace) -> None:
    put(workspace, "a", "b")
    put(workspace, "b", "c", now=NOW + MINUTE)
    assert [run.task.key for run in workspace.job_work.waiting(NOW + MINUTE)] == ["a", "b", "c"]
    first = workspace.job_work.waiting(NOW)[0]
    assert workspace.job_work.take(first.id, new_worker(NOW), now=NOW)
    put(workspace, "a")
    assert len(workspace.jobs.open()) == 3


def test_one_worker_gets_it_and_only_who_holds_it_ends_it(workspace: Workspace) -> None:
    put(workspace, "a")
    work, (waiting,) = workspace.job_work, workspace.job_work.waiting(NOW)
    frozen, other = new_worker(NOW), new_worker(NOW)
    work.see(frozen)
    held = work.take(waiting.id, frozen, now=NOW)
    assert held is not None
    assert work.take(waiting.id, other, now=NOW) is None
    assert work.rescue(now=NOW, stalled=timedelta(days=99999), most=9) == 0, "it was seen"
    assert work.rescue(now=NOW, stalled=None, most=9) == 1
    assert not work.end(held, RunOutcome.DONE, error="", now=NOW), "it waits, and is nobody's"
    again = work.take(waiting.id, other, now=NOW)
    assert again is not None
    assert again.attempt == 2
    assert not work.end(held, RunOutcome.DONE, error="", now=NOW), "it thawed"
    assert work.end(again, RunOutcome.DONE, error="", now=NOW)
    assert workspace.jobs.schedules()["note"].last_ok_at == NOW


def test_a_worker_that_takes_its_own_run_again_does_not_end_the_new_try(
    workspace: Workspace,
) -> None:
    put(workspace, "a")
    work, (waiting,), worker = workspace.job_work, workspace.job_work.waiting(NOW), new_worker(NOW)
    first = work.take(waiting.id, worker, now=NOW)
    work.rescue(now=NOW, stalled=None, most=9)
    second = work.take(waiting.id, worker, now=NOW)
    assert first
    assert second
    assert not work.end(first, RunOutcome.DONE, error="", now=NOW)
    assert work.end(second, RunOutcome.DONE, error="", now=NOW)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_no_run_waits_for_another_ones_end(workspace: Workspace) -> None:
    """As when a worker was frozen while it noted that."""
    put(workspace, "a", "b")
    work, (first, second), worker = (
        workspace.job_work,
        workspace.job_work.waiting(NOW),
        new_worker(NOW),
    )
    one = work.take(first.id, worker, now=NOW)
    other = work.take(second.id, worker, now=NOW)
    assert one
    assert other
    assert work.end(one, RunOutcome.DONE, error="", now=NOW)
    with workspace.engine.begin() as frozen:
        frozen.execute(text("UPDATE schedules SET last_ok_at = now()"))
        assert work.end(other, RunOutcome.DONE, error="", now=NOW)


def test_what_ends_its_workers_again_and_again_fails(workspace: Workspace) -> None:
    put(workspace, "a")
    (waiting,) = workspace.job_work.waiting(NOW)
    for _ in range(3):
        assert workspace.job_work.take(waiting.id, new_worker(NOW), now=NOW)
        workspace.job_work.rescue(now=NOW, stalled=None, most=3)
    (failed,) = workspace.jobs.failed()
    assert "ended in the middle of it, at try 3" in failed.error


def test_a_service_that_fails_is_asked_again_later_and_given_up_in_the_end(
    workspace: Workspace,
) -> None:
    put(workspace, "a")
    job = fails_with(ServiceError("no answer from ana@readers.example", hint="look at it"))
    for attempt, pause in enumerate(PAUSES, start=1):
        do(workspace, job)
        run = last(workspace)
        assert run.attempt == attempt
        assert run.next_try_at is not None
        assert pause - MINUTE < run.next_try_at - workspace.now() <= pause
        assert run.error == "no answer from (address) (look at it)"
        do(workspace, job)
        assert last(workspace).attempt == attempt, "not before its time"
        with workspace.engine.begin() as connection:
            connection.execute(text("UPDATE job_runs SET next_try_at = NULL"))
    do(workspace, job)
    assert [run.attempt for run in workspace.jobs.failed()] == [len(PAUSES) + 1]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConfigError("no sender", file="newsletter.toml", line=3), "newsletter.toml:3: no sender"),
        (AttentionError("somebody has to look"), "somebody has to look"),
        (SchemaError("other tables"), "other tables"),
        (ValueError("Ana Reyes, ana@readers.example"), "the program has a fault: ValueError"),
        (SystemExit(3), "the program has a fault: SystemExit"),
    ],
)
def test_what_no_later_try_mends_fails_at_once_and_names_nobody(
    workspace: Workspace, error: BaseException, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    put(workspace, "a")
    do(workspace, fails_with(error))
    (failed,) = workspace.jobs.failed()
    assert failed.error == words
    if not isinstance(error, NewsletterError):
        assert "Ana" not in caplog.messages[-1]
        assert caplog.records[-1].exc_info, "the log says where"


def test_what_failed_is_left_for_a_while_and_by_then_is_due_again(workspace: Workspace) -> None:
    put(workspace, "a")
    do(workspace, fails_with(AttentionError("look")))
    now = workspace.now()
    put(workspace, "a", "b", now=now + MINUTE)
    assert [run.task.key for run in workspace.jobs.open()] == ["b"]
    put(workspace, "a", now=now + HELD + MINUTE)
    assert [run.task.key for run in workspace.jobs.open()] == ["b", "a"]
    do(workspace, a_job())
    assert not workspace.jobs.failed()


def test_what_ended_while_others_looked_what_is_due_is_not_done_twice(
    workspace: Workspace,
) -> None:
    put(workspace, "a", now=workspace.now())
    before = workspace.now()
    do(workspace, a_job())
    put(workspace, "a", "b", now=before)
    assert [run.task.key for run in workspace.jobs.open()] == ["b"]


def test_a_failed_run_is_tried_again_or_let_be(workspace: Workspace) -> None:
    put(workspace, "a")
    do(workspace, fails_with(AttentionError("look")))
    (failed,) = workspace.jobs.failed()
    again = workspace.jobs.retry(failed, now=NOW)
    assert again
    assert again != failed.id
    assert workspace.jobs.retry(failed, now=NOW) == again, "once"
    assert not workspace.jobs.failed(), "it waits"
    do(workspace, fails_with(AttentionError("look")))
    (failed,) = workspace.jobs.failed()
    assert workspace.jobs.cancel(failed, now=NOW)
    assert not workspace.jobs.failed()
    assert not workspace.jobs.cancel(failed, now=NOW)


def test_when_a_task_last_went_well_is_known_after_it_failed(workspace: Workspace) -> None:
    put(workspace, "a")
    do(workspace, a_job())
    (done,) = workspace.jobs.latest(1)
    put(workspace, "a", "b", now=workspace.now())
    do(workspace, fails_with(AttentionError("look")))
    assert {run.task.key for run in workspace.jobs.failed()} == {"a", "b"}
    assert workspace.jobs.last_done() == {done.task: done.ended_at}


def test_what_waits_is_cancelled_and_what_is_at_work_is_not(workspace: Workspace) -> None:
    put(workspace, "a", "b")
    one, other = workspace.job_work.waiting(NOW)
    workspace.job_work.take(one.id, new_worker(NOW), now=NOW)
    assert not workspace.jobs.cancel(one, now=NOW)
    assert workspace.jobs.retry(one, now=NOW) is None
    assert workspace.jobs.cancel(other, now=NOW)
    assert [run.id for run in workspace.jobs.open()] == [one.id]


def test_nothing_of_a_paused_job_is_begun_and_it_is_done_once_when_it_is_resumed(
    workspace: Workspace,
) -> None:
    job = a_job(rhythm=lambda week: parse_rhythm("daily 07:00"))
    tick = Tick({"note": job})
    workspace.job_work.put(tick.dues(workspace, NOW, set()), now=NOW, held=HELD)
    workspace.jobs.pause("note", "Ana")
    for day in range(1, 4):
        now = NOW + timedelta(days=day)
        assert tick.dues(workspace, now, set()) == []
    workspace.jobs.pause("note", "")
    workspace.job_work.put(tick.dues(workspace, now, set()), now=now, held=HELD)
    assert len(workspace.job_work.waiting(now)) == 1
    workspace.jobs.pause("note", "Ana")
    assert not workspace.job_work.waiting(now), "nor what was due before"
    (run,) = workspace.jobs.open()
    assert workspace.job_work.take(run.id, new_worker(now), now=now) is None


def test_of_two_that_look_at_once_one_moves_the_schedule(workspace: Workspace) -> None:
    job = a_job(rhythm=lambda week: parse_rhythm("hourly"))
    tick, now = Tick({"note": job}), NOW + timedelta(hours=1)
    workspace.job_work.put(tick.dues(workspace, NOW, set()), now=NOW, held=HELD)
    both = [tick.dues(workspace, now, set()) for _ in range(2)]
    for dues in both:
        workspace.job_work.put(dues, now=now, held=HELD)
        do(workspace, job)
    assert len(workspace.jobs.latest(9)) == 1
    assert workspace.jobs.schedules()["note"].last_due_at == now.replace(minute=0)


def test_one_tick_a_minute_for_all_workers_though_a_clock_is_set_back(
    workspace: Workspace,
) -> None:
    take = workspace.job_work.take_tick
    assert [take(NOW, every=MINUTE), take(NOW, every=MINUTE)] == [True, False]
    assert not take(NOW - MINUTE, every=MINUTE), "a clock that is a little slow"
    assert take(NOW + MINUTE, every=MINUTE)
    assert take(NOW - timedelta(hours=1), every=MINUTE), "one that was set back"
    assert take(NOW - timedelta(minutes=59), every=MINUTE)


def test_a_try_that_a_clock_far_ahead_put_off_is_made(workspace: Workspace) -> None:
    put(workspace, "a")
    (waiting,) = workspace.job_work.waiting(NOW)
    held = workspace.job_work.take(waiting.id, new_worker(NOW), now=NOW)
    assert held
    workspace.job_work.again(held, error="", at=NOW + timedelta(hours=2))
    assert not workspace.job_work.waiting(NOW)
    assert workspace.job_work.waiting(NOW - timedelta(days=30))


def test_what_is_due_that_cannot_be_found_out_is_seen_and_mends_itself(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    faults: list[Exception] = [ConfigError("bad id", file="feeds.yaml", line=2)]

    def due(workspace: Workspace, now: datetime) -> list[str]:
        if faults:
            raise faults[0]
        return ["a"]

    tick = Tick({"note": a_job(due=due), "other": a_job(name="other", due=lambda w, n: ["b"])})
    for _ in range(3):
        workspace.job_work.put(tick.dues(workspace, NOW, set()), now=NOW, held=HELD)
    assert [run.task.name for run in workspace.jobs.open()] == ["other"], "it stops no other"
    (failed,) = workspace.jobs.failed()
    assert (failed.task.name, failed.task.key) == ("tick", "note")
    assert failed.error == "feeds.yaml:2: bad id"
    faults[0] = ValueError("Ana")
    tick.dues(workspace, NOW + HELD + MINUTE, set())
    assert workspace.jobs.failed()[0].error == "the program has a fault: ValueError"
    assert not any("Ana" in message for message in caplog.messages)
    faults.clear()
    Tick(tick.jobs).dues(workspace, NOW + 2 * HELD, set())
    assert not workspace.jobs.failed()


def test_what_ended_long_ago_is_deleted(workspace: Workspace) -> None:
    put(workspace, "a", "b")
    one, other = workspace.job_work.waiting(NOW)
    for run, outcome in ((one, RunOutcome.DONE), (other, RunOutcome.FAILED)):
        held = workspace.job_work.take(run.id, new_worker(NOW), now=NOW)
        assert held
        workspace.job_work.end(held, outcome, error="why", now=NOW)
    workspace.job_work.see(new_worker(NOW))
    assert workspace.job_work.delete_old(now=NOW + timedelta(days=29)) == 0
    assert workspace.job_work.delete_old(now=NOW + timedelta(days=31)) == 2


def test_a_job_of_another_version_is_left_to_its_worker(workspace: Workspace) -> None:
    put(workspace, "a")
    do(workspace, a_job(name="other"))
    run = last(workspace)
    assert run.next_try_at is not None
    assert run.ended_at is None


def test_lengths_are_counted_by_job(workspace: Workspace) -> None:
    put(workspace, "a", "b", "c")
    workspace.job_work.take(workspace.job_work.waiting(NOW)[0].id, new_worker(NOW), now=NOW)
    (length,) = workspace.jobs.lengths()
    assert (length.name, length.waiting, length.at_work) == ("note", 2, 1)
