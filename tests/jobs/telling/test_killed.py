"""Killed by `kill -9` at each step of telling: the mail leaves all the same, and once."""

import subprocess
import sys
from collections import Counter, defaultdict

import pytest

from newsletter.wiring import Workspace
from tests.jobs.telling.conftest import ANA, Mail
from tests.jobs.telling.killed import STEPS
from tests.jobs.telling.mailed import parsed, text_of
from tests.processes import PATIENCE, ROOT


@pytest.mark.usefixtures("processes")
@pytest.mark.skipif(sys.platform == "win32", reason="no fork there")
def test_each_mail_leaves_once_wherever_the_one_before_was_killed(mail: Mail, url: str) -> None:
    at = mail(ANA, f'[database]\nurl = "{url}"\n')
    root = at.workspace.root
    at.workspace.engine.dispose()
    subprocess.run(
        [sys.executable, "-m", "tests.jobs.telling.killed", str(root)],
        cwd=ROOT,
        check=True,
        timeout=PATIENCE,
    )
    told: Counter[str] = Counter()
    ids = defaultdict(set)
    for content in at.receiver.recorder.contents:
        message = parsed(content)
        (step,) = (step for step in STEPS if f"- {step}: " in text_of(message))
        told[step] += 1
        ids[step].add(message["Message-ID"])
    # Who is killed after the server's yes and before ours is written has it sent once more: under
    # the same name, by which mail programs show it once.
    assert told == Counter(STEPS.keys()) | Counter({"after-it-is-handed-over": 2})
    assert all(len(names) == 1 for names in ids.values())
    again = Workspace(config=at.workspace.config)
    assert again.reminders.due(now=at.now.replace(hour=23)) == ()
    assert len(again.reminders.known()) == len(STEPS)
    again.engine.dispose()
