"""`newsletter work`: a real process on a workspace of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from newsletter.config import Config
from newsletter.jobs.registry import JOBS
from newsletter.wiring import Workspace
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML, url_of
from tests.processes import PATIENCE, ROOT, started, until

pytestmark = pytest.mark.usefixtures("processes")
ENGINE = ("procrastinate", "newsletter.jobs.engine")


def command(root: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "newsletter", "-w", str(root), "work", *options]


@contextmanager
def working(
    root: Path, before: tuple[str, ...] = (), **environment: str
) -> Iterator[subprocess.Popen[str]]:
    env = {**os.environ, **ENVIRONMENT, **environment, "PYTHONPATH": str(ROOT)}
    log = root / "work.log"
    line = [*before, *command(root)]
    with log.open("a") as stderr, started(line, env=env, stderr=stderr) as process:
        until(lambda: "Stop with Ctrl-C" in log.read_text(), process)
        yield process


def call(root: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **ENVIRONMENT, **environment, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command(root, *options),
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_a_second_worker_is_told_who_has_it_and_a_third_may_when_that_died(
    workspace: Workspace,
) -> None:
    root = workspace.root
    (root / "feeds.yaml").write_text("organisations: []\n")
    with working(root) as first:
        second = call(root)
        assert second.returncode == 1
        assert f"process {first.pid}, since 20" in second.stderr
        assert "--drain" in second.stderr
        assert "Tue" in (root / "work.log").read_text(), "the next draft"
        first.kill()
        first.wait()
    assert call(root, "--once").returncode == 0


def test_of_two_that_start_at_once_one_works_and_the_other_says_who(workspace: Workspace) -> None:
    env = {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(ROOT)}
    how: dict[str, Any] = {"env": env, "stderr": subprocess.PIPE}
    start = partial(started, command(workspace.root), **how)
    with start() as one, start() as two:
        until(lambda: one.poll() is not None or two.poll() is not None)
        refused, working = (two, one) if one.poll() is None else (one, two)
        assert refused.wait() == 1
        assert f"process {working.pid}, since 20" in refused.communicate()[1]
        assert any("Stop with Ctrl-C" in line for line in iter(working.stderr.readline, ""))
        working.terminate()
        working.communicate()
        assert working.returncode == 0


@pytest.mark.parametrize("url", ["sqlite", "postgres"], indirect=True)
def test_it_drains_when_it_is_asked_from_elsewhere(
    url: str, make_config: Callable[..., Config]
) -> None:
    root = make_config(NEWSLETTER_TOML).root
    (root / "feeds.yaml").write_text("organisations: []\n")
    with working(root, NEWSLETTER_DATABASE_URL=url) as process:
        asked = call(root, "--drain", NEWSLETTER_DATABASE_URL=url)
        assert f"Process {process.pid} finishes" in asked.stderr
        assert process.wait(PATIENCE) == 0
    assert "No worker" in call(root, "--drain", NEWSLETTER_DATABASE_URL=url).stderr
    lines = (root / "work.log").read_text().splitlines()
    assert not [line for line in lines if " error " in line or " warning " in line]


def test_a_closed_terminal_ends_it_as_it_should(workspace: Workspace) -> None:
    with working(workspace.root) as process:
        process.send_signal(signal.SIGHUP)
        assert process.wait(PATIENCE) == 0


def test_a_closed_terminal_is_nothing_to_one_that_was_begun_with_nohup(
    workspace: Workspace,
) -> None:
    with working(workspace.root, before=("nohup",)) as process:
        status = Path(f"/proc/{process.pid}/status").read_text()
        (ignored,) = (line for line in status.splitlines() if line.startswith("SigIgn:"))
        assert int(ignored.split()[1], 16) & 1 << signal.SIGHUP - 1
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_what_is_due_is_done_once_for_cron(workspace: Workspace) -> None:
    root = workspace.root
    (root / "feeds.yaml").write_text("organisations: []\n")
    assert call(root, "--once").returncode == 0, "nothing is due of the time before"
    with workspace.engine.begin() as connection:
        connection.execute(text("UPDATE schedules SET last_due_at = '2026-01-01 00:00:00.000000'"))
    done = call(root, "--once", "--only", "tidy", "--log-level", "info")
    assert done.returncode == 0
    assert "tidy: done in" in done.stderr
    names = {run.task.name: run.outcome for run in workspace.jobs.latest(9)}
    assert names == {"tidy": "done"}
    assert "purge" in {run.task.name for run in workspace.jobs.open()}, "another worker's"


def test_what_is_not_done_for_cron_is_told_each_time(workspace: Workspace) -> None:
    feeds = workspace.root / "feeds.yaml"
    feeds.write_text("organisations: []\n")
    call(workspace.root, "--once")
    with workspace.engine.begin() as connection:
        connection.execute(text("UPDATE schedules SET last_due_at = '2026-01-01 00:00:00.000000'"))
    feeds.write_text("organisations: [")
    for names in ("archive, draft, health, pull", "health, pull"):  # two failed, two are not known
        broken = call(workspace.root, "--once")
        assert broken.returncode == 1
        assert broken.stderr.splitlines()[-1] == f"Not done: {names}. newsletter jobs tells why."
    feeds.write_text("organisations: []\n")
    assert call(workspace.root, "--once").returncode == 0


@pytest.mark.parametrize("other", [("--once",), ("--only", "pull")])
def test_what_drain_would_forget_is_refused(other: tuple[str, ...], workspace: Workspace) -> None:
    result = call(workspace.root, "--drain", *other)
    assert result.returncode == 2
    assert "--drain begins no work" in result.stderr


def test_the_real_jobs_run_in_a_workspace_that_has_nothing(workspace: Workspace) -> None:
    root = workspace.root
    (root / "feeds.yaml").write_text("organisations: []\n")
    call(root, "--once")
    with workspace.engine.begin() as connection:
        connection.execute(text("UPDATE schedules SET last_due_at = '2026-01-01 00:00:00.000000'"))
    done = call(root, "--once")
    assert not workspace.jobs.failed(), done.stderr
    ran = {run.task.name for run in workspace.jobs.latest(99)}
    assert ran == {"purge", "draft", "archive", "tidy"}
    assert list((root / "issues").rglob("en.md")), "the week's draft is there"


def test_a_wrong_job_is_told_with_the_nearest(workspace: Workspace) -> None:
    result = call(workspace.root, "--only", "pul")
    assert result.returncode == 2
    assert "did you mean pull?" in result.stderr


def test_with_another_secret_key_it_does_not_begin(workspace: Workspace) -> None:
    assert workspace.secret_keys, "which the database remembers"
    other = call(workspace.root, "--once", NEWSLETTER_SECRET_KEY="x" * 43)
    assert other.returncode == 2
    assert "is not the key that this database was used with" in other.stderr


def test_no_other_command_loads_the_engine(
    make_config: Callable[..., Config], postgres: Engine
) -> None:
    root = make_config(NEWSLETTER_TOML).root
    (root / "feeds.yaml").write_text("organisations: []\n")
    program = (
        "import sys\nfrom click.testing import CliRunner\nfrom newsletter.cli.main import cli\n"
        "for words in sys.argv[1:]:\n"
        "    CliRunner().invoke(cli, words.split(' '))\n"
        f"print(*[name for name in {ENGINE!r} if name in sys.modules])"
    )
    weekly = ("pull", "draft", "check", "approve --as Ana", "send --dry-run", "report", "jobs")
    calls = ["--version", *(f"-w {root} {words}" for words in weekly)]
    environment = {"PYTHONPATH": str(ROOT), "NEWSLETTER_DATABASE_URL": url_of(postgres)}
    done = subprocess.run(
        [sys.executable, "-c", program, *calls],
        env={**os.environ, **ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []
    assert list((root / "issues").rglob("en.md")), "they ran"


@pytest.mark.parametrize("name", JOBS)
def test_what_a_job_works_with_is_there(name: str, workspace: Workspace) -> None:
    """Functions are named in the registry, and imported when they are first called."""
    (workspace.root / "feeds.yaml").write_text("organisations: []\n")
    job = JOBS[name]
    assert job.does
    if job.due is not None:
        assert list(job.due(workspace, workspace.now())) == []
