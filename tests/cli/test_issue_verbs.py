"""`newsletter draft`, `check` and `approve` as an editor meets them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.errors import AttentionError, UsageError
from newsletter.model.language import same_language
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller, two_pieces


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    two_pieces(workspace)

    return caller(workspace)


def drafts(root: Path) -> list[Path]:
    return sorted(root.glob("issues/*/*.md"))


def test_a_week_from_draft_to_approval(run: Run, workspace: Workspace) -> None:
    drafted = run("draft")
    assert drafted.exit_code == 0
    assert [path.name for path in drafts(workspace.root)] == ["en.md", "es.md"]
    checked = run("check", "--no-links")
    assert checked.exit_code == 0
    assert "0 blocking problems" in checked.stderr
    approved = run("approve", "--no-links", "--as", workspace.config.editors[0].name)
    assert approved.exit_code == 0
    assert "Next: newsletter send" in approved.stderr


def test_check_points_out_slips_that_nobody_said_are_right(run: Run, workspace: Workspace) -> None:
    run("draft")
    draft = drafts(workspace.root)[0]
    draft.write_text(f"{draft.read_text()}\nWe recieve letters. Teh end.\n")
    problems = json.loads(run("check", "--no-links", "--json").stdout)["problems"]
    found = [one["message"] for one in problems if one["code"] == "slip"]
    assert found == ["“recieve” → “receive”: misspelt", "“Teh” → “The”: misspelt"]
    settings = workspace.root / "newsletter.toml"
    settings.write_text(f'{settings.read_text()}\n[check]\nwords = ["recieve", "Teh"]\n')
    assert "[slip]" not in run("check", "--no-links").stdout


def test_draft_prints_what_it_wrote_as_json(run: Run) -> None:
    report = json.loads(run("draft", "2026-W47", "--on", "2026-11-20", "--json").stdout)
    assert (report["issue"], report["sends_on"]) == ("2026-W47", "2026-11-20")
    assert [file["added"] for file in report["files"]] == [2, 2]


def test_a_wrong_issue_id_is_refused_before_anything_is_written(
    run: Run, workspace: Workspace
) -> None:
    for wrong in (("draft", "../evil"), ("check", "2026-47"), ("approve", "2026-W60")):
        refused = run(*wrong)
        assert refused.exit_code == 2
        assert "is not an issue" in refused.stderr
    assert drafts(workspace.root) == []


def test_check_exits_with_1_and_names_file_and_line_when_something_blocks(
    run: Run, workspace: Workspace
) -> None:
    run("draft")
    path = drafts(workspace.root)[0]
    path.write_text(path.read_text().replace("## Member news {#news}", "##Member news"))
    found = run("check", "--no-links")
    assert found.exit_code == 1
    assert f"issues/{path.parent.name}/en.md:" in found.stdout
    report = json.loads(run("check", "--no-links", "--json").stdout)
    (problem,) = report["problems"]
    assert (problem["severity"], problem["code"], problem["line"]) == ("blocks", "unreadable", 7)


def test_approve_takes_the_editor_from_the_environment(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("draft")
    monkeypatch.setenv("NEWSLETTER_EDITOR", workspace.config.editors[0].name)
    assert run("approve", "--no-links").exit_code == 0
    monkeypatch.setenv("NEWSLETTER_EDITOR", "Somebody")
    with pytest.raises(UsageError):
        run("approve", "--no-links")


def test_approve_refuses_what_blocks(run: Run, workspace: Workspace) -> None:
    run("draft")
    path = drafts(workspace.root)[1]
    path.write_text(path.read_text().replace("subject: ", "subject: # "))
    with pytest.raises(AttentionError, match="everything after the # would be lost"):
        run("approve", "--no-links", "--as", workspace.config.editors[0].name)


def test_an_edition_holds_what_is_in_its_language(run: Run, workspace: Workspace) -> None:
    run("draft")
    for path in drafts(workspace.root):
        body = path.read_text().split("<!--")[0]
        assert same_language(path.stem, "en") is ("Clinic in en" in body)


def test_check_says_when_a_change_voided_an_approval(run: Run, workspace: Workspace) -> None:
    run("draft")
    run("approve", "--no-links", "--as", "ana")
    assert "Approved by Ana" in run("check", "--no-links").stderr
    path = drafts(workspace.root)[0]
    path.write_text(path.read_text().replace("Come on Saturday.", "Come on Sunday."))
    found = run("check", "--no-links")
    assert "An earlier approval no longer counts: en: changed (text, html)" in found.stderr
    assert json.loads(run("check", "--no-links", "--json").stdout)["approved_by"] == []


def test_items_list_why_explains_each_choice_in_one_line(run: Run) -> None:
    rows = json.loads(run("items", "list", "--why", "--json").stdout)
    assert [(row["id"], row["why"]) for row in rows] == [
        ("newses", "chosen for news: its organisation was never used before"),
        ("newsen", "chosen for news: piece 2 of its organisation, after everybody's first"),
    ]
    assert "never used before" in run("items", "list", "--why").stdout


def test_report_balance_says_who_was_used_and_who_waits(run: Run, workspace: Workspace) -> None:
    def report() -> dict[str, object]:
        (row,) = json.loads(run("report", "balance", "--json").stdout)["organisations"]
        found: dict[str, object] = row
        return found

    before = report()
    assert (before["pieces"], before["absent"], before["waiting"]) == (0, None, 2)
    run("draft")
    run("approve", "--no-links", "--as", workspace.config.editors[0].name)
    after = report()
    assert "the last issue" in run("report", "balance").stdout
    assert (after["pieces"], after["share"], after["waiting"]) == (2, 1.0, 0)


def test_a_bulletin_is_drafted_for_whom_and_until_when_it_says(
    run: Run, workspace: Workspace
) -> None:
    tomorrow = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d 18:00}"
    drafted = run("draft", "--bulletin", "--lapses", tomorrow, "--item", "newsen")
    assert drafted.exit_code == 0
    (path, _) = drafts(workspace.root)
    assert path.parent.name.endswith("-a")
    assert f"lapses: {tomorrow}" in path.read_text()
    assert "{newsen}" in path.read_text()


@pytest.mark.parametrize(
    "options",
    [("--bulletin",), ("--lapses", "2030-01-01"), ("--region", "fresno"), ("--item", "newsen")],
)
def test_a_bulletins_options_stand_together(run: Run, options: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="go together"):
        run("draft", *options)


VERBS = ("draft", "check", "preview", "approve", "send", "report", "audit")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("issue", ["../../2026-W47", "２０２６-W47", "2026-W99", "2026-W47\n"])
def test_every_verb_refuses_what_is_no_issue(workspace: Workspace, verb: str, issue: str) -> None:
    result = CliRunner().invoke(cli, ["-w", str(workspace.root), verb, issue])
    assert result.exit_code == 2
    assert "is not an issue" in result.stderr
    assert not list(workspace.root.glob("issues/*"))
