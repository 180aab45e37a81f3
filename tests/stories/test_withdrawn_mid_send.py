"""Invariants 7 and 8: withdrawn in the middle of a send, killed, restored, resumed: never again."""

import email
import email.policy
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.conftest import NEWSLETTER_TOML
from tests.processes import PATIENCE, ROOT, started, until
from tests.stories.making import TODAY, give_keys, make_services, publish

pytestmark = pytest.mark.usefixtures("processes")

PEOPLE = 2000
ISSUE = "2026-W47"
WORDS = "the company stopped paying us"
TOML = NEWSLETTER_TOML.replace('languages = ["en", "es"]', 'languages = ["en"]', 1)


class Machine:
    """A workspace that only the command line touches, as editors and storytellers do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environ = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "NEWSLETTER_WORKSPACE": str(root),
            "NEWSLETTER_SECRET_KEY": "a key for tests only, 32 bytes long",
            "NO_COLOR": "1",
        }

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        with started(
            [sys.executable, "-m", "newsletter", *arguments],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            yield process

    def sending(self) -> AbstractContextManager[subprocess.Popen[str]]:
        """A send that takes most of a minute: time enough, also on a busy machine, to withdraw."""
        return self.started("send", ISSUE, "--yes", "--anyway", "--rate", "40")

    def run(self, *arguments: str, code: int = 0) -> str:
        with self.started(*arguments) as process:
            said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == code, said
        return said

    def messages(self) -> list[Path]:
        return [path for path in (self.root / "outbox").rglob("*") if path.is_file()
                and path.parent.name in ("new", "cur")]  # fmt: skip

    def wait_for(self, count: int) -> None:
        until(lambda: len(self.messages()) >= count)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "stories").mkdir()
    (tmp_path / "newsletter.toml").write_text(TOML)
    (tmp_path / "feeds.yaml").write_text("organisations: []\n")
    return Machine(tmp_path)


def words_of(path: Path) -> str:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return " ".join(
        " ".join(part.get_content().split())
        for part in message.walk()
        if part.get_content_maintype() == "text"
    )


def people_of(paths: list[Path]) -> list[str]:
    return [
        str(email.message_from_bytes(path.read_bytes(), policy=email.policy.default)["to"])
        for path in paths
    ]


def prepare(machine: Machine) -> tuple[str, str]:
    """Two thousand people, one story in an approved issue: its receipt code and its id."""
    services = make_services(machine.root)
    pair, _ = give_keys(services)
    submitted, story = publish(services, pair, today=TODAY)
    people = machine.root.parent / "people.csv"
    rows = "".join(f"p{number}@reader.example,en\n" for number in range(PEOPLE))
    people.write_text("address,language\n" + rows)
    machine.run("subscribers", "import", str(people), "--proof", "a sheet at the door")
    machine.run("draft", ISSUE, "--no-pictures")
    draft = machine.root / "issues" / ISSUE / "en.md"
    text = re.sub(r"^subject:.*$", "subject: This week", draft.read_text(), flags=re.MULTILINE)
    if story.id not in text:
        title, words = story.texts[0].title, story.texts[0].excerpt
        text += f"\n## Stories {{#stories}}\n\n### {title} {{{story.id}}}\n\n{words}\n"
    text += "\n## Member news {#news}\n\n### Clinic on Saturday\n\nOpen from ten to two, for all.\n"
    draft.write_text(text)
    machine.run("approve", ISSUE, "--as", "Ana", "--no-links")
    return submitted.receipt.code, story.id


def backed_up(machine: Machine) -> Path:
    copy = machine.root.parent / "yesterday.db"
    with (
        sqlite3.connect(machine.root / "newsletter.db") as source,
        sqlite3.connect(copy) as target,
    ):
        source.backup(target)
    source.close()
    target.close()
    return copy


def restore(machine: Machine, copy: Path) -> None:
    for name in ("newsletter.db", "newsletter.db-wal", "newsletter.db-shm"):
        (machine.root / name).unlink(missing_ok=True)
    shutil.copy(copy, machine.root / "newsletter.db")


def without_the_story(machine: Machine, story_id: str) -> None:
    """What the editors do next: take it out, and approve what is left."""
    draft = machine.root / "issues" / ISSUE / "en.md"
    blocks = re.split(r"(?m)^(?=#{2,3} )", draft.read_text())
    draft.write_text("".join(block for block in blocks if story_id not in block))
    machine.run("approve", ISSUE, "--as", "Ana", "--no-links")


def assert_nobody_later_got_it(machine: Machine, before: set[Path]) -> None:
    later = [path for path in machine.messages() if path not in before]
    assert later
    assert [path for path in later if WORDS in words_of(path)] == []
    people = people_of(machine.messages())
    assert len(people) == PEOPLE
    assert len(set(people)) == PEOPLE
    machine.run("audit", ISSUE)


def test_a_withdrawal_stops_a_running_send_and_the_rest_get_the_new_version(
    machine: Machine,
) -> None:
    code, story_id = prepare(machine)
    assert f"issues/{ISSUE}/en.md" in holding(machine, WORDS)
    assert any(name.startswith("newsletter.db") for name in holding(machine, WORDS))
    with machine.sending() as sender:
        machine.wait_for(60)
        machine.run("stories", "withdraw", code)
        at_withdrawal = set(machine.messages())
        said, _ = sender.communicate(timeout=PATIENCE)
    assert sender.returncode == 1
    assert story_id in said
    stopped = set(machine.messages())
    assert len(stopped - at_withdrawal) <= 2
    assert len(stopped) < PEOPLE
    without_the_story(machine, story_id)
    machine.run("send", ISSUE, "--yes", "--anyway", "--resume", "--rate", "10000")
    machine.run("send", ISSUE, "--yes", "--anyway", "--rate", "10000")
    assert_nobody_later_got_it(machine, stopped)
    assert holding(machine, WORDS) == []


def test_withdrawn_mid_send_then_killed_restored_and_resumed_no_later_message_carries_it(
    machine: Machine,
) -> None:
    code, story_id = prepare(machine)
    with machine.sending():
        machine.wait_for(30)
        yesterday = backed_up(machine)
        machine.wait_for(60)
        machine.run("stories", "withdraw", code)
        at_withdrawal = set(machine.messages())
    assert all(WORDS in words_of(path) for path in list(at_withdrawal)[:20])
    assert len(at_withdrawal) < PEOPLE

    restore(machine, yesterday)
    assert "cannot be trusted" in machine.run("send", ISSUE, "--yes", code=1)
    machine.run("state", "show", code=1)
    machine.run("state", "confirm", "--by", "Ana", "--yes")
    assert "is not approved" in machine.run("send", ISSUE, "--yes", code=1)
    # One message may have been on its way at the very moment of the withdrawal.
    before = set(machine.messages())
    assert len(before - at_withdrawal) <= 2
    without_the_story(machine, story_id)
    refused = machine.run("send", ISSUE, "--yes", "--anyway", code=1)
    assert "the ledger is older than what was sent" in refused
    machine.run("audit", ISSUE, code=1)
    machine.run("send", ISSUE, "--yes", "--anyway", "--by", "Ana", "--rate", "10000")
    assert_nobody_later_got_it(machine, before)
    machine.run("stories", "log", "--verify")
    assert holding(machine, WORDS) == []


def holding(machine: Machine, words: str) -> list[str]:
    """The files with those words, whatever they are, but for the mail that was sent.

    Another process reads them: this one has the database open, and SQLite's locks are lost when
    any file of it is closed.
    """
    pattern = words.replace(" ", r"\s+")
    command = ["grep", "-rlazP", "--exclude-dir=outbox", pattern, str(machine.root)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode in (0, 1), found.stderr
    return [str(Path(line).relative_to(machine.root)) for line in found.stdout.splitlines()]
