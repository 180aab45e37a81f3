"""`newsletter templates list|copy|kinds|gallery|lint`."""

import json
import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from newsletter.cli.main import cli
from newsletter.errors import ConfigError, ServiceError, UsageError
from tests.cli.test_preview import workspace


def run(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["-w", str(root), "templates", *arguments])


def test_a_copied_part_is_listed_as_ones_own_and_once_changed_as_different(tmp_path: Path) -> None:
    workspace(tmp_path)
    assert run(tmp_path, "copy", "tokens.toml").stdout == "templates/tokens.toml\n"
    listed = {one["name"]: one for one in json.loads(run(tmp_path, "list", "--json").stdout)}
    assert listed["tokens.toml"] == {"name": "tokens.toml", "is_own": True, "differs": False}
    assert listed["head.mjml"]["is_own"] is False
    own = tmp_path / "templates" / "tokens.toml"
    own.write_text(own.read_text().replace("#0b5c56", "#225522"))
    listed = {one["name"]: one for one in json.loads(run(tmp_path, "list", "--json").stdout)}
    assert listed["tokens.toml"]["differs"] is True
    assert run(tmp_path, "lint").exit_code == 0


def test_a_folder_is_copied_whole(tmp_path: Path) -> None:
    workspace(tmp_path)
    assert "templates/kinds/news.mjml" in run(tmp_path, "copy", "kinds").stdout.splitlines()


def test_nothing_is_copied_over_a_file(tmp_path: Path) -> None:
    workspace(tmp_path)
    run(tmp_path, "copy", "footer.mjml")
    (tmp_path / "templates" / "footer.mjml").write_text("mine")
    result = run(tmp_path, "copy", "footer.mjml")
    assert isinstance(result.exception, UsageError)
    assert (tmp_path / "templates" / "footer.mjml").read_text() == "mine"


def test_a_mistyped_part_gets_a_suggestion(tmp_path: Path) -> None:
    workspace(tmp_path)
    result = run(tmp_path, "copy", "foter.mjml")
    assert isinstance(result.exception, UsageError)
    assert result.exception.hint == "did you mean footer.mjml?"


def test_lint_exits_1_and_names_file_and_line(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "letter.mjml").write_text("<mj-text>\n<blink>x</blink></mj-text>")
    result = run(tmp_path, "lint")
    assert result.exit_code == 1
    assert "templates/letter.mjml:2: blocks: <blink> is not allowed" in result.stdout


def test_kinds_lists_ours_and_the_workspaces_own(tmp_path: Path) -> None:
    workspace(tmp_path)
    own = tmp_path / "templates" / "kinds" / "recipes.mjml"
    own.parent.mkdir(parents=True)
    own.write_text(
        '{# kind\ntitle.en = "Recipes"\nneeds = ["call or text"]\nshows = ["where"]\n#}\n'
    )
    *_, listed = json.loads(run(tmp_path, "kinds", "--json").stdout)
    assert listed["kind"] == "recipes"
    assert listed["needs"] == [["call", "text"]]
    assert listed["shows"] == ["call", "text", "where"]
    assert "call or text" in run(tmp_path, "kinds").stdout
    own.write_text("{# kind\ntitle = 1\n#}\n")
    result = run(tmp_path, "kinds")
    assert isinstance(result.exception, ConfigError)
    assert result.exception.place == f"{own}:2"


def test_the_gallery_needs_no_issue_and_names_its_page(tmp_path: Path) -> None:
    workspace(tmp_path)
    shutil.rmtree(tmp_path / "issues")
    result = run(tmp_path, "gallery")
    assert result.stdout == "preview/gallery/index.html\n"
    assert "Look at preview/gallery/index.html" in result.stderr
    outcome = json.loads(run(tmp_path, "gallery", "--json").stdout)  # a second time
    assert outcome["page"] in outcome["files"]
    assert all((tmp_path / name).is_file() for name in outcome["files"])


def test_the_gallery_has_the_workspaces_name_and_templates(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / "templates" / "kinds").mkdir(parents=True)
    part = '{# kind\ntitle.en = "Recipes"\n#}<mj-text>Lentils</mj-text>'
    (tmp_path / "templates" / "kinds" / "recipes.mjml").write_text(part)
    run(tmp_path, "gallery")
    folder = tmp_path / "preview" / "gallery"
    assert "Lentils" in (folder / "recipes-short-en.light.html").read_text(encoding="utf-8")
    assert "River" in (folder / "issue-short-en.light.html").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    workspace(tmp_path)
    (tmp_path / "preview").write_text("a file")
    error = run(tmp_path, "gallery").exception
    assert isinstance(error, ServiceError)
    assert "preview/gallery/" in str(error)
    assert "cannot write" in str(error)
