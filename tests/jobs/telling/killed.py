"""Tells an editor of failed jobs, and is killed at each step of it; then goes on.

`python -m tests.jobs.telling.killed FOLDER`: for each step a job fails, a process that tells of it
is killed by `kill -9` there, and one that is not tells what is left. Processes are forks of this
one, which has one thread, so that the program is imported once.
"""

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.jobs.telling.tell import LEASE, tell
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.notices import SmtpPost
from newsletter.store.reminders import SqlReminders
from newsletter.wiring import Workspace
from tests.conftest import ENVIRONMENT
from tests.jobs.telling.mailed import TUESDAY, fail

STEPS = {
    "before-the-row": (SqlReminders, "add", "before"),
    "after-the-row": (SqlReminders, "add", "after"),
    "before-it-is-taken": (SqlReminders, "take", "before"),
    "after-it-is-taken": (SqlReminders, "take", "after"),
    "before-it-is-handed-over": (SmtpPost, "send", "before"),
    "after-it-is-handed-over": (SmtpPost, "send", "after"),
    "after-it-is-marked": (SqlReminders, "mark_sent", "after"),
}


def die_at(owner: type, name: str, when: str) -> None:
    """Have this process end by `kill -9` before or after it calls that method."""
    real = getattr(owner, name)

    def dying(*args: object, **how: object) -> object:
        result = real(*args, **how) if when == "after" else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, dying)


def told(root: Path, now: datetime, *, dying_at: str = "") -> int:
    """The exit code of a process that tells what there is at that moment."""
    if (child := os.fork()) == 0:
        workspace = Workspace.open(root, ENVIRONMENT)
        if dying_at:
            fail(workspace, dying_at, now=now)
            die_at(*STEPS[dying_at])
        tell(workspace, now=now, stop=StopSignal())
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(root: Path) -> None:
    warm = Workspace.open(root, ENVIRONMENT)
    tell(warm, now=TUESDAY, stop=StopSignal())  # all that it imports is there for the forks
    warm.engine.dispose()
    now = TUESDAY
    for step in STEPS:
        now += timedelta(minutes=10)
        if (code := told(root, now, dying_at=step)) != -signal.SIGKILL:
            sys.exit(f"{step}: not killed, but ended with {code}")
        if code := told(root, now + LEASE):
            sys.exit(f"{step}: who went on ended with {code}")
    told(root, now + 2 * LEASE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
