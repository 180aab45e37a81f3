"""Invariant 1: who tells a story is nowhere on disk, whatever command runs or dies, and when."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter.stories.reviewing.session import Part, ReviewSession
from tests.conftest import NEWSLETTER_TOML, ROOT
from tests.stories.crash_harness import KILLED, RAISED, SEEN, WHOLE
from tests.stories.making import A_NUMBER, ANSWERS, NAME, PHONE, TEXT, typed_review

pytestmark = pytest.mark.usefixtures("processes")

PASSPHRASE = "copper lantern orchard zanahoria violin"
RECOVERY_PASSPHRASE = "meadow turbine sapphire nine kites"
UNTIL = f"{datetime.now(UTC).date() + timedelta(days=40)}"  # before the consent ends by itself
SAFELY = "Only after nine at night"
SECRETS = [
    NAME,
    NAME.split()[1],
    PHONE,
    PHONE.replace(" ", ""),
    A_NUMBER,
    A_NUMBER.replace("-", ""),
    SAFELY,
    PASSPHRASE,
    RECOVERY_PASSPHRASE,
    "AGE-SECRET-KEY-1",
]
MINE = "mine.age"
TOML = NEWSLETTER_TOML.replace('languages = ["en", "es"]', 'languages = ["en"]', 1)


def markdown() -> str:
    answers = {key: value for key, value in ANSWERS.items() if key != "text"}
    front = "".join(f"{key}: {json.dumps(value)}\n" for key, value in answers.items())
    return f"---\n{front}notice_shown: read aloud\n---\n\n{TEXT} This one was written down.\n"


def mail() -> str:
    return f"From: {NAME} <canary@mail.example>\nSubject: my story\n\n{TEXT} This one was mailed.\n"


def mail_answers() -> str:
    """What is typed at the terminal for a mailed story, in the form's order."""
    lines = [
        "en",
        "read aloud",
        "",
        "",
        "A title",
        "y",
        "n",
        "n",
        "n",
        "n",
        "y",
        "n",
        "anonymous",
        "shorten",
        "12",
    ]
    return "\n".join([*lines, "n", "", SAFELY, "none", "y", "y", ""])


def plan(tmp_path: Path) -> dict[str, Any]:
    keys = ["keys", "init", "--name", "Ana", "--recovery", "{root}/home/recovery.age"]
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "story.md").write_text(markdown())
    (outside / "mail.eml").write_text(mail())
    web = {**ANSWERS, "text": f"{TEXT} This one came by the page."}
    told = f"{TEXT} This one was written down."
    parts = [("title", ANSWERS["title"]), ("text", told)]
    review = typed_review(
        ReviewSession.start(Part(name=name, language="en", text=text) for name, text in parts)
    )
    steps: list[dict[str, Any]] = [
        {"name": "keys init", "args": keys, "crash": True},
        {"name": "import", "args": ["stories", "import", str(outside / "story.md")], "crash": True},
        {"name": "review", "args": ["stories", "review", "{{submission}}"], "stdin": review,
         "crash": True},
        {"name": "send-back", "args": ["stories", "send-back", "{{story}}"]},
        {"name": "agreed", "args": ["stories", "agreed", "{{story}}", "--language", "en",
         "--method", "read aloud"], "crash": True},
        {"name": "mail", "args": ["stories", "import", str(outside / "mail.eml")],
         "stdin": mail_answers()},
        {"name": "web", "post": "/stories/a", "data": web, "crash": True},
        {"name": "list", "args": ["stories", "list"]},
        {"name": "inbox", "args": ["stories", "inbox", "--json"]},
        {"name": "rotate", "args": ["keys", "rotate"], "crash": True},
        {"name": "keys test", "args": ["keys", "test"]},
        {"name": "refuse", "args": ["stories", "refuse", "{{submission}}"], "crash": True},
        {"name": "narrow", "args": ["stories", "narrow", "{{story}}", "--until", UNTIL],
         "crash": True},
        {"name": "subscribe", "args": ["subscribers", "add", "ana@reader.example", "--language",
         "en", "--proof", "on paper"]},
        {"name": "draft", "args": ["draft", "2026-W47", "--no-pictures"]},
        {"name": "subject", "edit": "issues/2026-W47/en.md", "old": "^subject:.*$",
         "new": "subject: This week"},
        {"name": "check", "args": ["check", "2026-W47", "--no-links"]},
        {"name": "preview", "args": ["preview", "2026-W47"]},
        {"name": "approve", "args": ["approve", "2026-W47", "--as", "Ana", "--no-links"]},
        {"name": "send", "args": ["send", "2026-W47", "--yes", "--anyway"]},
        {"name": "archive", "args": ["archive"]},
        {"name": "withdraw", "args": ["stories", "withdraw", "{{story}}"], "crash": True},
        {"name": "purge", "args": ["stories", "purge"], "crash": True},
        {"name": "log", "args": ["stories", "log", "--verify"]},
    ]  # fmt: skip
    root = tmp_path / "disk"
    (root / "workspace" / "stories").mkdir(parents=True)
    (root / "home").mkdir()
    (root / "tmp").mkdir()
    (root / "workspace" / "newsletter.toml").write_text(TOML)
    (root / "workspace" / "feeds.yaml").write_text("organisations: []\n")
    for step in steps:
        if "args" in step:
            step["args"] = [
                part.replace("{root}", str(root)).replace("{{", "{").replace("}}", "}")
                for part in step["args"]
            ]
    return {"root": str(root), "secrets": SECRETS, "steps": steps}


def rows_of(tmp_path: Path) -> list[dict[str, Any]]:
    made = plan(tmp_path)
    root = Path(made["root"])
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(root / "home"),
        "XDG_CONFIG_HOME": str(root / "home"),
        "NEWSLETTER_STATE": str(root / "home" / "state"),
        "TMPDIR": str(root / "tmp"),
        "NEWSLETTER_WORKSPACE": str(root / "workspace"),
        "NEWSLETTER_IDENTITY": str(root / "home" / MINE),
        "NEWSLETTER_PASSPHRASE": PASSPHRASE,
        "NEWSLETTER_RECOVERY_PASSPHRASE": RECOVERY_PASSPHRASE,
        "NEWSLETTER_SECRET_KEY": "a key for tests only, 32 bytes long",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stories.crash_harness"],
        cwd=ROOT,
        env=environ,
        input=json.dumps(made),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


def test_invariant_01_no_command_and_no_crash_leaves_a_trace_of_the_person(tmp_path: Path) -> None:
    rows = rows_of(tmp_path)
    whole = {row["step"]: row for row in rows if row["at"] == WHOLE}
    failed = {
        name: (row["code"], row["said"][-600:])
        for name, row in whole.items()
        if row["code"] not in (0, 1) or (row["code"] == 1 and name != "check")
    }
    assert failed == {}
    assert [row for row in rows if row["found"]] == []

    seen = Counter(row["step"] for row in rows if row["how"] == SEEN and row["at"] != WHOLE)
    assert set(seen) == set(whole)
    assert sum(seen.values()) > 400
    assert len([row for row in rows if row["how"] == RAISED]) > 50
    assert [row["code"] for row in rows if row["how"] == KILLED] == [-9] * 10
    shows = ("review", "send-back")  # these exist to show the words, at the terminal only
    said = "".join(row["said"] for row in rows if row["step"] not in shows).lower()
    assert [secret for secret in SECRETS if secret.lower() in said] == []
    codes = re.findall(r"Your code: (\S+)|code: (\S+)", whole["import"]["said"])
    assert codes
