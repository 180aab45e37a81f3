"""What doctor says of Git: asked of a real one, with a remote that nobody visits."""

import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.doctor.git_history import PRIVATE, git_history
from newsletter.shipped import shipped

pytestmark = [
    pytest.mark.usefixtures("processes"),
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]
WHO = ("-c", "user.name=Ana", "-c", "user.email=ana@coalition.example")


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(root), *WHO, *words], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a repository with a remote, and the .gitignore that `init` writes."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "remote", "add", "origin", "https://git.invalid/digest.git")
    shutil.copy(shipped("scaffold") / "gitignore", tmp_path / ".gitignore")
    for example in PRIVATE.values():
        (tmp_path / example).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / example).write_text("private\n")
    for example in ("story.md", "hands.JPG", "kitchen.heic", "copy.db"):  # as the docs name them
        (tmp_path / example).write_text("private\n")
    (tmp_path / "feeds.yaml").write_text("organisations: []\n")
    return tmp_path


def said(root: Path) -> str:
    return " ".join(finding.message for finding in git_history(root))


def test_the_scaffolds_gitignore_keeps_everything_private_out(root: Path) -> None:
    git(root, "add", "--all")
    tracked = subprocess.check_output(["git", "-C", str(root), "ls-files"], text=True)
    assert tracked.split() == [".gitignore", "feeds.yaml"]
    git(root, "commit", "--quiet", "-m", "start")
    assert git_history(root) == []


@pytest.mark.parametrize("kind", PRIVATE)
def test_private_files_that_a_remote_can_have_are_told(root: Path, kind: str) -> None:
    git(root, "add", "--force", PRIVATE[kind])
    git(root, "commit", "--quiet", "-m", "oops")
    assert f"the remote origin can have {kind}:" in said(root)


def test_a_story_is_in_the_history_after_it_was_removed(root: Path) -> None:
    git(root, "add", "--force", "stories/a.md")
    git(root, "commit", "--quiet", "-m", "oops")
    git(root, "rm", "--quiet", "--cached", "stories/a.md")
    git(root, "commit", "--quiet", "-m", "mended, one thinks")
    assert "origin can have stories (in the history)" in said(root)
    git(root, "remote", "remove", "origin")
    assert "Git keeps every version of stories (in the history)" in said(root)


def test_a_story_on_a_branch_that_is_not_checked_out_is_told(root: Path) -> None:
    git(root, "add", "feeds.yaml")
    git(root, "commit", "--quiet", "-m", "start")
    git(root, "checkout", "--quiet", "-b", "trial")
    git(root, "add", "--force", "stories/a.md")
    git(root, "commit", "--quiet", "-m", "oops")
    git(root, "checkout", "--quiet", "-")
    assert "stories (in the history)" in said(root)


def test_exports_with_large_letters_are_private_too(root: Path) -> None:
    (root / "Mail.EML").write_text("private\n")
    (root / "People.CSV").write_text("private\n")
    git(root, "add", "--all")
    assert said(root) == ""
    git(root, "add", "--force", "Mail.EML", "People.CSV")
    assert "*.eml, *.csv" in said(root)


def test_what_no_gitignore_covers_is_told_before_it_is_committed(root: Path) -> None:
    (root / ".gitignore").write_text("/issues/\n*.eml\n")
    (finding,) = git_history(root)
    assert "no .gitignore covers stories, site, " in finding.message
    assert "issues" not in finding.message
    assert "stories" in finding.hint


def test_a_workspace_below_the_top_of_a_repository_is_looked_at_too(root: Path) -> None:
    below = root / "digest"
    (below / "stories").mkdir(parents=True)
    (below / "stories" / "b.md").write_text("private\n")
    git(root, "add", "--force", "digest/stories/b.md")
    git(root, "commit", "--quiet", "-m", "oops")
    assert "origin can have stories:" in said(below)


def test_without_a_repository_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert git_history(tmp_path) == []
