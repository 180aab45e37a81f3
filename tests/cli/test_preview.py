"""`newsletter preview` from the command line."""

import json
from pathlib import Path

from click.testing import CliRunner

from newsletter.cli.main import cli

DRAFT = """---
language: en
subject: A test of the whole chain
preheader: Forty to one hundred and ten characters are shown well by mail programs
---

Dear neighbors, here is the week.
"""
SETTINGS = """[coalition]
name = "River"
url = "https://river.example"
timezone = "America/Los_Angeles"
languages = ["en"]
postal_address = "1 River Street, Millbrook"
[sender]
name = "River"
address = "news@river.example"
"""


def workspace(root: Path) -> str:
    issue = "2026-W47"
    (root / "newsletter.toml").write_text(SETTINGS)
    (root / "feeds.yaml").write_text("organisations: []\n")
    (root / "issues" / issue).mkdir(parents=True)
    (root / "issues" / issue / "en.md").write_text(DRAFT)
    return issue


def test_it_writes_the_files_and_names_the_page(tmp_path: Path) -> None:
    issue = workspace(tmp_path)
    result = CliRunner().invoke(cli, ["-w", str(tmp_path), "preview", issue, "--no-open", "--json"])
    assert result.exit_code == 0, result.output
    outcome = json.loads(result.stdout)
    assert outcome["page"] == f"preview/{issue}/index.html"
    assert "A test of the whole chain" in (tmp_path / outcome["page"]).read_text()
