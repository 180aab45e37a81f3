"""`newsletter work` whose rest is short, with one job more, that notes what it does.

python -m tests.jobs.rests ROOT [MOMENT]: each start is noted too. At a MOMENT something happens to
it when it begins anew for the first time; a "large" one loads and leaks much in each
run. SIGUSR1 has it write down what is loaded.
"""

import importlib
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.cli.main import main
from newsletter.jobs import intervals, registry
from newsletter.jobs.job import JobContext
from newsletter.wiring import Workspace
from tests.jobs.process import PACE, due, note, noted, noting

LOADED = "loaded.txt"
REST = timedelta(seconds=0.3)
execve = os.execve
_leaked: list[bytes] = []


def happens(root: Path, moment: str) -> None:
    """What happens just before."""
    if moment == "refused":
        raise OSError(2, "No such file or directory")
    if moment == "half saved":
        (root / "newsletter.toml").rename(root / "whole.toml")
        (root / "newsletter.toml").write_text("[coali")
    if moment == "another database":
        with (root / "newsletter.toml").open("a") as settings:
            settings.write('\n[database]\nurl = "sqlite:///other.db"\n')
    if moment == "asked before":
        os.kill(os.getpid(), signal.SIGTERM)
    if moment == "closed before":
        os.kill(os.getpid(), signal.SIGHUP)
    if moment == "killed before":
        os.kill(os.getpid(), signal.SIGKILL)


def happens_after(moment: str) -> None:
    """What happens before anything of it has begun."""
    if moment == "asked after":
        os.kill(os.getpid(), signal.SIGTERM)
    if moment == "closed after":
        os.kill(os.getpid(), signal.SIGHUP)
    if moment == "killed after":
        os.kill(os.getpid(), signal.SIGKILL)


def looked(workspace: Workspace, now: datetime) -> Iterable[str]:
    """The last of all jobs is asked what is due of it: the others were."""
    note(workspace.root, "look", "worker", "-")
    return due(workspace, now)


def enlarging(context: JobContext) -> None:
    """A run that loads what a send and a pull need, and leaks 40 MB."""
    for name in ("newsletter.sending.send_plan", "newsletter.pulling.pull"):
        importlib.import_module(name)
    _leaked.append(b"x" * 40_000_000)
    noting(context.workspace.root, 0).run(context)


def run(root: Path, moment: str) -> None:
    starts = noted(root, "start")["worker"]
    note(root, "start", "worker", "-")
    if starts == 1:
        happens_after(moment)
    tried: list[bool] = []

    def watched(*arguments: object) -> None:
        if not starts and not tried:
            tried.append(True)
            happens(root, moment)
        execve(*arguments)  # type: ignore[arg-type]

    def write_down(*_: object) -> None:
        part = root / f"{LOADED}.part"
        part.write_text("\n".join(sys.modules))
        part.rename(root / LOADED)

    os.execve = watched  # type: ignore[assignment]
    intervals.Pace = lambda: replace(PACE, rest=REST)  # type: ignore[assignment,misc]
    registry.JOBS["note"] = replace(noting(root, 0.05), due=looked)
    if moment == "large":
        registry.JOBS["note"] = replace(registry.JOBS["note"], run=enlarging)
    signal.signal(signal.SIGUSR1, write_down)
    main(["-w", str(root), "work"])


if __name__ == "__main__":
    run(Path(sys.argv[1]), *(sys.argv[2:] or [""]))
