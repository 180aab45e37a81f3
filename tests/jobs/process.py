"""`newsletter work` with short times, or with one job that notes what it does.

python -m tests.jobs.process ROOT SECONDS STALLED: what stands in ROOT/due.txt is due until the log
says that it is done. A key `a.1` is held by the lock `a`. With `pull` for the seconds that a run
takes, the job is the real `pull`, due each time that one looks.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.cli.main import main as command
from newsletter.jobs import intervals, registry
from newsletter.jobs.intervals import Pace
from newsletter.jobs.job import Job, JobContext
from newsletter.model.job import Queue
from newsletter.pulling import held_hosts
from newsletter.wiring import Workspace

PACE = Pace(
    tick=timedelta(seconds=1),
    beat=timedelta(seconds=1),
    rescue=timedelta(seconds=0.3),
    stalled=timedelta(seconds=2),
    poll=timedelta(seconds=0.1),
    fetch=timedelta(seconds=0.1),
    pauses=(timedelta(seconds=0.5),) * 9,
)
LONG, LET_GO = "long", "let-go"  # such a key's run ends when that file is there
DUE, LOG = "due.txt", "done.txt"


def note(root: Path, *words: object) -> None:
    line = " ".join(map(str, (*words, os.getpid(), time.time())))
    with (root / LOG).open("a") as log:
        log.write(line + "\n")


def noted(root: Path, word: str) -> Counter[str]:
    """How often that was noted, by key."""
    path = root / LOG
    lines = path.read_text().splitlines() if path.exists() else []
    return Counter(line.split()[1] for line in lines if line.split()[0] == word)


def due(workspace: Workspace, now: datetime) -> Iterable[str]:
    done = noted(workspace.root, "end")
    return [key for key in (workspace.root / DUE).read_text().split() if key not in done]


def noting(root: Path, seconds: float) -> Job:
    def run(context: JobContext) -> None:
        note(root, "begin", context.key, context.worker)
        time.sleep(seconds)
        while context.key.startswith(LONG) and not (root / LET_GO).exists():
            time.sleep(0.05)
        note(root, "end", context.key, context.worker)

    return Job(
        name="note",
        queue=Queue.PULL,
        does="notes",
        run=run,
        lock=lambda key: key.partition(".")[0],
        due=due,
    )


def main() -> None:
    root, seconds, stalled = Path(sys.argv[1]), sys.argv[2], timedelta(seconds=float(sys.argv[3]))
    pace = replace(PACE, stalled=stalled)
    intervals.Pace = lambda: pace  # type: ignore[misc,assignment]
    held_hosts.LENGTH, held_hosts.EVERY = stalled, stalled / 4
    if seconds != "pull":
        unused = replace(registry.JOBS["pull"], is_used=lambda config: False)
        registry.JOBS = {"note": noting(root, float(seconds)), "pull": unused}
    only = "pull" if seconds == "pull" else "note"
    sys.argv[1:] = ["-w", str(root), "work", "--only", only]
    command()


if __name__ == "__main__":
    main()
