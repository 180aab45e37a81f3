"""A story that was taken back after the backup: its words are in no file once it is restored."""

import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.lasting.aside import FOLDER, at_work
from newsletter.lasting.backup_format import FOLDERS
from newsletter.lasting.stage import WORKSPACE, begin, beside, move, prepare
from newsletter.stories.consent.withdraw import Withdrawn, withdraw_by_code
from tests.lasting.digests import Digest
from tests.lasting.test_commands import WORDS, run
from tests.stories.making import NAME, TEXT, give_keys, publish

CANARY = "the company stopped paying us"
assert CANARY in TEXT


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Digest:
    made = Digest.made(tmp_path)
    for name, value in {**made.environ, "NEWSLETTER_BACKUP_PASSPHRASE": WORDS}.items():
        monkeypatch.setenv(name, value)
    return made


def holding(digest: Digest) -> list[str]:
    """Files that have the story's words, or its teller's name, in the workspace or beside."""
    needles = [word.encode(code) for word in (CANARY, NAME) for code in ("utf-8", "utf-16-le")]
    return [
        str(path.relative_to(digest.root.parent))
        for folder in (digest.root, digest.state)
        for path in folder.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


@pytest.fixture
def backup(digest: Digest, tmp_path: Path) -> Path:
    """Of the day before the story was taken back, with a draft that has it."""
    file = tmp_path / "b"
    with digest.opened() as workspace:
        services, today = workspace.story_services, workspace.today()
        pair, _ = give_keys(services)
        submitted, _ = publish(services, pair, today=today)
        draft = digest.root / "issues" / "2026-W47" / "en.md"
        draft.write_text(f"---\nsubject: This week\n---\n\n{TEXT}\n", encoding="utf-8")
    run(digest, "backup", str(file), "--passphrase")
    with digest.opened() as workspace:
        assert holding(digest), "it is there"
        done = withdraw_by_code(workspace.story_services, submitted.receipt.code, today=today)
        assert isinstance(done, Withdrawn)
    return file


def test_after_a_restore(digest: Digest, backup: Path) -> None:
    said = run(digest, "restore", str(backup), "--yes")
    assert "deleted the contents of 1 withdrawn submission" in said.stdout
    assert holding(digest) == []


def test_after_a_restore_that_was_killed_and_given_up(digest: Digest, backup: Path) -> None:
    """Killed while it read the backup: nothing was changed, and all of it lies beside."""
    (digest.root / "issues" / "2026-W47" / "en.md").write_text("---\nsubject: x\n---\n")
    with at_work(digest.root / FOLDER, WORKSPACE):
        stage = prepare(digest.root, FOLDERS)
        (stage / "stories" / "s.md").write_text(TEXT, encoding="utf-8")
        beside(digest.root / "newsletter.db", digest.root).write_text(TEXT, encoding="utf-8")
        assert "Removed" not in run(digest, "subscribers", "list").stderr
        assert len(holding(digest)) == 2, "it is going on"
    said = run(digest, "subscribers", "list")
    assert "Removed what a killed restore had left here" in said.stderr
    assert holding(digest) == []
    assert not (digest.root / FOLDER).exists()
    assert said.exit_code == 0
    with at_work(digest.root / FOLDER, WORKSPACE):
        pass
    assert "Removed" not in run(digest, "subscribers", "list").stderr, "nothing was in it"
    assert not (digest.root / FOLDER).exists()


def test_git_takes_nothing_in_of_a_restore_that_was_killed(digest: Digest, backup: Path) -> None:
    linked = digest.root.with_name("linked") / "issues"
    shutil.move(digest.root / "issues", linked)
    (digest.root / "issues").symlink_to(linked)
    (digest.root / "stories").mkdir(exist_ok=True)
    stage = prepare(digest.root, FOLDERS)
    beside(digest.root / "newsletter.db", digest.root).write_text(TEXT, encoding="utf-8")
    moves = [move(digest.root, name) for name in ("issues", "stories", "feeds.yaml")]
    (stage / ".gitignore").write_text("!*\n", encoding="utf-8")
    (stage / "feeds.yaml").write_text(TEXT, encoding="utf-8")
    for one in moves:
        one.to.rename(one.before)
        (one.staged / "s.md" if one.staged.is_dir() else one.staged).write_text(TEXT)
    begin(digest.root, moves, is_server=False)
    (digest.root / f".newsletter-restore/.marker.{'0' * 16}").write_text(TEXT)
    for folder in (digest.root, linked.parent):
        git = ("git", "-C", str(folder))
        subprocess.run([*git, "init", "-q"], check=True)
        added = subprocess.run(
            [*git, "add", "-An", "."], check=True, capture_output=True, text=True
        )
        assert "restor" not in added.stdout
        assert "s.md" not in added.stdout
