"""Killed, or out of space, at each step: the old workspace or the new one, no half of a file."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsletter.model.subscriber import SuppressionReason
from tests.conftest import ROOT
from tests.lasting.digests import PAIR, Digest
from tests.lasting.test_restore import end
from tests.stories.crash_harness import KILLED, RAISED

EVERY = int(os.environ.get("NEWSLETTER_SOAK_STEPS", "11"))  # 1: each step
NEW, OLD = "---\nsubject: This week\n---\n", "written since"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A digest, its backup, and what came after that: bo left, and the issue was written on."""
    folder = tmp_path_factory.mktemp("kill")
    (folder / "made").mkdir()
    digest = Digest.made(folder / "made")
    digest.back_up()
    end(digest, "bo", SuppressionReason.LEFT)
    (digest.root / "issues" / "2026-W47" / "en.md").write_text(OLD)
    (folder / "made" / "secret").write_text(PAIR.secret)
    return folder


def runs(folder: Path, how: str, act: str, every: int) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.lasting.kill_harness", str(folder), how, act, str(every)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("how", [KILLED, RAISED])
def test_a_restore_leaves_the_old_workspace_or_the_new_one(made: Path, how: str) -> None:
    found = runs(made, how, "restore", EVERY)
    assert len(found) > 40 / EVERY
    assert found[-1]["code"] == 0
    for run in found:
        if not run["interrupted"]:
            assert run["words"] in (OLD, NEW), run
            assert run["people"] == ["ana", "cy"], run
            if run["code"] == 3:
                assert run["words"] == OLD, f"refused, so nothing was changed: {run}"
                assert run["left"] == [], run
        else:
            assert how == KILLED, run
        if "again" in run:
            again = run["again"]
            assert (again["code"], again["words"]) == (0, NEW), run
            assert again["people"] == ["ana", "cy"], run
            assert again["left"] == [], run
    if how == KILLED and EVERY == 1:
        assert any(run["interrupted"] for run in found)


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("how", [KILLED, RAISED])
def test_a_backup_is_whole_or_not_there(made: Path, how: str) -> None:
    found = runs(made, how, "backup", 1)
    assert found[-1]["backup"]
    for run in found[:-1]:
        assert not run["clear"], run
        assert not run["backup"] or how == KILLED, run
        if how == RAISED:
            assert run["left"] == [], run
