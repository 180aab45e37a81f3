"""`newsletter jobs`: what an operator sees and mends, with no worker near."""

import json
from datetime import datetime, timedelta

import pytest

from newsletter.errors import AttentionError, UsageError
from newsletter.jobs.clock import new_worker
from newsletter.jobs.intervals import HELD
from newsletter.model.job import TICK, Due, JobRun, RunOutcome
from newsletter.model.ledger import NewSend
from newsletter.wiring import Workspace
from tests.cli.calling import FEEDS, Run, caller


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return caller(workspace, "jobs")


def waits(workspace: Workspace, name: str = "pull", key: str = "a.example") -> JobRun:
    now = workspace.now()
    workspace.job_work.put([Due(name=name, keys=(key,), due_at=now)], now=now, held=HELD)
    return workspace.jobs.open()[-1]


def at_work(workspace: Workspace, *task: str) -> JobRun:
    worker = new_worker(workspace.now())
    workspace.job_work.see(worker)
    held = workspace.job_work.take(waits(workspace, *task).id, worker, now=workspace.now())
    assert held
    return held


def failed(workspace: Workspace, *task: str, why: str = "feeds.yaml:2: bad id") -> JobRun:
    held = at_work(workspace, *task)
    workspace.job_work.end(held, RunOutcome.FAILED, error=why, now=workspace.now())
    return held


def test_with_nothing_to_see_it_shows_what_comes_next_and_how_to_start(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert "draft" in result.stdout
    assert "bounces" not in result.stdout, "no mailbox is set"
    assert "newsletter work starts one" in result.stderr


def test_what_failed_is_seen_and_explained_and_needs_a_person(
    run: Run, workspace: Workspace
) -> None:
    number = failed(workspace).id
    result = run()
    assert result.exit_code == 1
    assert "feeds.yaml:2: bad id" in result.stdout
    assert "jobs retry" in result.stderr
    shown = json.loads(run("show", str(number), "--json").stdout)
    assert (shown["outcome"], shown["task"]["name"], shown["attempt"]) == ("failed", "pull", 1)
    lines = run("show", str(number)).stdout
    assert "job: pull a.example" in lines
    local = datetime.fromisoformat(shown["ended_at"]).astimezone(workspace.config.coalition.zone)
    assert f"ended_at: {local:%a %d %b %Y %H:%M:%S %Z}\n" in lines
    assert run("--json", "show", str(number)).stdout == run("show", str(number), "--json").stdout


def test_a_failed_run_is_tried_again(run: Run, workspace: Workspace) -> None:
    number = failed(workspace).id
    again = json.loads(run("retry", str(number), "--json").stdout)["run"]
    assert again != number
    assert run().exit_code == 0
    assert [one.id for one in workspace.jobs.open()] == [again]


def test_a_failed_send_that_another_is_at_again_stays_failed_and_that_one_is_named(
    run: Run, workspace: Workspace
) -> None:
    number = failed(workspace, "send", "2026-W49:0123456789abcdef").id
    first = at_work(workspace, "send", "2026-W49:1").id
    with pytest.raises(AttentionError, match=f"run {first} is at work"):
        run("retry", str(number))
    found = workspace.jobs.find(number)
    assert found is not None
    assert found.outcome is RunOutcome.FAILED


def test_a_failed_run_is_let_be(run: Run, workspace: Workspace) -> None:
    number = failed(workspace).id
    assert run("cancel", str(number)).exit_code == 0
    assert run().exit_code == 0
    with pytest.raises(AttentionError, match="ended already: cancelled"):
        run("cancel", str(number))


def test_what_is_at_work_is_shown_with_its_machine_and_is_left_alone(
    run: Run, workspace: Workspace
) -> None:
    held = at_work(workspace)
    result = run()
    assert result.exit_code == 0
    assert held.machine in result.stdout
    for verb in ("cancel", "retry"):
        with pytest.raises(AttentionError, match="at work at this moment"):
            run(verb, str(held.id))


def test_what_is_late_needs_a_person_unless_it_is_paused(run: Run, workspace: Workspace) -> None:
    due_at = workspace.now() - timedelta(minutes=61)
    due = Due(name="pull", keys=("a.example",), due_at=due_at)
    workspace.job_work.put([due], now=workspace.now(), held=HELD)
    result = run()
    assert result.exit_code == 1
    assert "late since" in result.stdout
    run("pause", "pull", "--by", "Ana")
    result = run()
    assert result.exit_code == 0
    assert "pull is paused, by Ana" in result.stderr
    assert "asks the members" not in result.stdout, "it does not come next"
    assert "newsletter jobs resume pull" in result.stderr
    assert run("resume", "pull").stdout == "pull goes on.\n"
    assert run("resume", "pull").stdout == "pull was not paused.\n"
    assert run().exit_code == 1


def test_what_is_done_is_not_tried_again(run: Run, workspace: Workspace) -> None:
    held = at_work(workspace)
    workspace.job_work.end(held, RunOutcome.DONE, error="", now=workspace.now())
    with pytest.raises(AttentionError, match="is done"):
        run("retry", str(held.id))


def test_a_wrong_name_or_number_is_told_with_the_nearest(run: Run) -> None:
    with pytest.raises(UsageError) as error:
        run("pause", "pul", "--by", "Ana")
    assert error.value.hint == "did you mean pull?"
    with pytest.raises(UsageError) as error:
        run("resume", "qqqq")
    assert "purge" in error.value.hint
    with pytest.raises(UsageError, match="there is no run 99"):
        run("show", "99")
    for command in ("show", "retry", "cancel"):
        for wrong in (str(2**63), "0", "x"):
            result = run(command, wrong)
            assert result.exit_code == 2
            assert f"{wrong} is no run's number; newsletter jobs shows them" in result.output
    with pytest.raises(UsageError, match="--by needs a name"):
        run("pause", "pull", "--by", " ")


def test_what_is_looked_for_each_minute_is_not_retried(run: Run, workspace: Workspace) -> None:
    due = Due(name=TICK, keys=("pull",), due_at=workspace.now())
    workspace.job_work.fail(due, error="feeds.yaml:2: bad id", held=HELD)
    (failed,) = workspace.jobs.failed()
    assert "pull (what is due of it)" in run("show", str(failed.id)).stdout
    assert TICK not in run().stdout
    with pytest.raises(AttentionError, match="what is due of pull is looked for again"):
        run("retry", str(failed.id))
    assert not workspace.jobs.open()


def test_the_next_runs_have_feeds_and_the_send_that_waits(run: Run, workspace: Workspace) -> None:
    (workspace.root / "feeds.yaml").write_text(FEEDS)
    at = workspace.now() + timedelta(minutes=5)
    new = NewSend(issue_id="2026-W47", digest="d", editions={}, due_at=at)
    workspace.ledger.freeze(new, lambda person: None, now=workspace.now())
    first, second, *_ = json.loads(run("--json").stdout)["planned"]
    assert first["job"] == "pull"
    assert (second["job"], second["does"]) == ("send", "begins to send 2026-W47")
    (workspace.root / "feeds.yaml").write_text("organisations: [")
    assert json.loads(run("--json").stdout)["planned"][0]["job"] == "send"


def test_all_of_it_as_json(run: Run, workspace: Workspace) -> None:
    failed(workspace)
    workspace.jobs.pause("draft", "Ana")
    workspace.job_work.take_tick(workspace.now(), every=timedelta(minutes=1))
    result = run("--json")
    assert result.exit_code == 1
    seen = json.loads(result.stdout)
    assert [one["task"]["name"] for one in seen["failed"]] == ["pull"]
    assert [one["name"] for one in seen["paused"]] == ["draft"]
    assert TICK not in {one["job"] for one in seen["planned"]}
    assert len(seen["planned"]) == 10
    assert seen["workers"]
