"""What editor programs of Windows save: lines that end otherwise, a mark before the first."""

import os
from pathlib import Path

import pytest

from newsletter.wiring import Workspace
from tests.cli.calling import caller, two_pieces
from tests.conftest import NEWSLETTER_TOML


def as_on_windows(path: Path) -> None:
    text = path.read_bytes().replace(b"\r\n", b"\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))


def test_an_issue_written_on_windows_has_the_same_words(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    (workspace.root / "newsletter.toml").write_text(NEWSLETTER_TOML, encoding="utf-8")
    two_pieces(workspace)
    run = caller(workspace)
    run("draft")
    (draft,) = (workspace.root / "issues").glob("*/en.md")
    issue_id = draft.parent.name
    words = rendered(workspace, issue_id)
    for path in (workspace.root / "newsletter.toml", workspace.root / "feeds.yaml", draft):
        as_on_windows(path)
    assert rendered(workspace, issue_id) == words
    assert run("check", "--no-links").exit_code == 0
    run("approve", "--no-links", "--as", "Ana")


def rendered(workspace: Workspace, issue_id: str) -> list[str]:
    fresh = Workspace.open(workspace.root, dict(os.environ))
    try:
        editions = fresh.sending.issues.rendered(issue_id)
        return [part for one in editions for part in (one.subject, one.html, one.text)]
    finally:
        fresh.engine.dispose()
