"""A second machine lacks a file: it is named, and nothing goes on as if somebody had deleted it."""

import re
from pathlib import Path

import pytest

from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.shown import Shown
from newsletter.errors import AttentionError, ConfigError
from newsletter.stories.consent.withdraw import withdraw_by_id
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller, two_pieces
from tests.stories.making import give_keys, publish


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    two_pieces(workspace)
    return caller(workspace)


@pytest.fixture
def issue(run: Run, workspace: Workspace) -> Path:
    """The folder of an issue that was approved on the first machine."""
    run("draft")
    (folder,) = workspace.root.glob("issues/*")
    run("approve", "--no-links", "--as", "Ana")
    return folder


def test_drafts_that_were_approved_elsewhere_are_not_drafted_again(run: Run, issue: Path) -> None:
    for draft in issue.glob("*.md"):
        draft.unlink()
    first = f"issues/{issue.name}/en.md (and 1 more files) is not here"
    for verb in ("draft", "check", "preview", "send"):
        with pytest.raises(AttentionError) as refused:
            run(verb, issue.name)
        assert str(refused.value).startswith(first), verb
        assert "copy it from the machine where it was approved" in refused.value.hint
    assert not list(issue.glob("*.md"))
    run("draft", issue.name, "--again")
    assert len(list(issue.glob("*.md"))) == 2


def test_an_edition_is_left_out_only_when_somebody_says_so(run: Run, issue: Path) -> None:
    (issue / "es.md").unlink()
    with pytest.raises(AttentionError, match=f"issues/{issue.name}/es.md is not here"):
        run("send", issue.name, "--yes")
    assert "es: its draft is not here" in run("check", issue.name, "--no-links").stderr
    approve = ("approve", issue.name, "--no-links", "--as", "Ana")
    with pytest.raises(AttentionError, match=r"es\.md is not here") as refused:
        run(*approve)
    assert "--without es" in refused.value.hint
    assert run(*approve, "--without", "es").exit_code == 0


def test_other_templates_are_not_called_a_change_of_the_draft(
    run: Run, issue: Path, workspace: Workspace
) -> None:
    assert run("templates", "copy", "tokens.toml").exit_code == 0
    tokens = workspace.root / "templates/tokens.toml"
    tokens.write_text(re.sub('"#[0-9a-fA-F]{6}"', '"#123456"', tokens.read_text("utf-8")))
    with pytest.raises(AttentionError, match="though its drafts say the same") as refused:
        run("send", issue.name, "--yes")
    assert "templates/" in refused.value.hint


def test_a_missing_registry_is_to_be_copied(run: Run, issue: Path, workspace: Workspace) -> None:
    (workspace.root / "feeds.yaml").unlink()
    with pytest.raises(ConfigError, match="no such file") as refused:
        run("check", issue.name)
    assert "copy it from the machine that has it" in refused.value.hint


def test_a_story_written_by_hand_that_is_elsewhere_keeps_its_page(
    run: Run, workspace: Workspace
) -> None:
    """No submission and no event tells of it: the website does."""
    run("archive")
    name = "stories/m4rq7tz2xd/es/index.html"
    site = PublishedFolder(workspace.site_folder)
    site.replace({name: "<p>"}, Shown())
    with pytest.raises(AttentionError, match="m4rq7tz2xd") as refused:
        run("archive")
    assert "is not here, and the website shows it" in str(refused.value)
    assert "newsletter archive --without m4rq7tz2xd" in refused.value.hint
    assert name in site.names()
    run("archive", "--without", "m4rq7tz2xd")
    assert name not in site.names()
    assert run("archive").exit_code == 0, "it is asked once"


def test_a_story_that_is_elsewhere_keeps_its_page(run: Run, workspace: Workspace) -> None:
    services = workspace.story_services
    pair, _ = give_keys(services)
    _, story = publish(services, pair, today=workspace.today())
    assert run("archive").exit_code == 0
    path = workspace.root / f"stories/{story.id}.md"
    words = path.read_bytes()
    path.unlink()
    with pytest.raises(AttentionError, match=f"stories/{story.id}.md is not here") as refused:
        run("archive")
    assert f"newsletter stories withdraw {story.id}" in refused.value.hint
    assert f"stories/{story.id}.md is not here" in run("doctor").output
    path.write_bytes(words)
    assert run("archive").exit_code == 0
    path.unlink()
    withdraw_by_id(services, story.id, today=workspace.today())
    assert run("archive").exit_code == 0, "nobody asks for what was taken back"
