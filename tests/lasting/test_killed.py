"""Killed, or out of space, at each step: the old workspace or the new one, no half of a file."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from newsletter.model.subscriber import SuppressionReason
from tests.conftest import ROOT, url_of
from tests.lasting.digests import PAIR, Digest
from tests.lasting.test_restore import end
from tests.stories.crash_harness import KILLED, RAISED

EVERY = int(os.environ.get("NEWSLETTER_SOAK_STEPS", "17"))  # 1: each step
NEW = ("---\nsubject: This week\n---\n", ["en"])
OLD = ("written since", ["xx"])


def make(folder: Path, **where: str) -> Path:
    """A digest, its backup, and what came after that: bo left, and the issue was written on."""
    (folder / "made").mkdir()
    digest = Digest.made(folder / "made", **where)
    digest.back_up()
    end(digest, "bo", SuppressionReason.LEFT)
    (digest.root / "issues" / "2026-W47" / "en.md").write_text(OLD[0])
    (folder / "made" / "secret").write_text(PAIR.secret)
    return folder


def runs(folder: Path, how: str, act: str, every: int, url: str = "") -> list[dict[str, Any]]:
    plan = {"folder": str(folder), "how": how, "act": act, "every": every, "url": url}
    done = subprocess.run(
        [sys.executable, "-m", "tests.lasting.kill_harness"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        input=json.dumps(plan),
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def check(found: list[dict[str, Any]], how: str) -> None:
    """Each run left one workspace or the other, or says so; run again it is the new one."""
    assert len(found) > 30 / EVERY
    for run in found:
        if not run["interrupted"]:
            stands = (run["words"], run["languages"])
            assert stands in (OLD, NEW), run
            assert run["people"] == ["ana", "cy"], run
            assert stands == OLD or how == KILLED or run["code"] in (0, 4), run
            assert not run["left"] or how == KILLED, run
        if "again" in run:
            again = run["again"]
            assert (again["code"], again["words"], again["languages"]) == (0, *NEW), run
            assert again["people"] == ["ana", "cy"], run
            assert again["left"] == [], run
    if EVERY == 1:
        assert any(run["interrupted"] for run in found) == (how == KILLED)


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("how", [KILLED, RAISED])
def test_a_restore_leaves_the_old_workspace_or_the_new_one(tmp_path: Path, how: str) -> None:
    check(runs(make(tmp_path), how, "restore", EVERY), how)


@pytest.mark.usefixtures("processes")
def test_so_it_does_on_postgresql(tmp_path: Path, postgres: Engine) -> None:
    postgres.dispose()
    url = url_of(postgres)
    made = make(tmp_path, NEWSLETTER_DATABASE_URL=url)
    check(runs(made, KILLED, "restore", EVERY, url), KILLED)


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("how", [KILLED, RAISED])
def test_a_backup_is_whole_or_not_there(tmp_path: Path, how: str) -> None:
    found = runs(make(tmp_path), how, "backup", 1)
    assert found[-1]["backup"]
    for run in found[:-1]:
        assert not run["clear"], run
        assert not run["backup"] or how == KILLED or run["code"] == 4, run
        assert run["left"] == [] or how == KILLED, run
