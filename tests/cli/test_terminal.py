"""Nothing from outside moves the cursor, sets a title, turns the writing round or hides text."""

import ast
import json
import re
from pathlib import Path

import pytest

import newsletter.cli
from newsletter.cli.output import as_json_text, printable, table
from newsletter.wiring import Workspace
from tests.cli.test_main import call

EVIL = "\x1b]0;mine\x07\x1b[2J\x9b31m\u202eliame\u2066\x7f\u200b\U000e0041\udc9b"
CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\ud800-\udfff]"
)


def test_what_a_terminal_would_obey_is_not_shown() -> None:
    assert not CONTROLS.search(printable(EVIL))
    assert "liame" in printable(EVIL)


def test_on_a_narrow_terminal_no_id_is_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("id", "date", "organisation", "kind", "title")
    row = ("k3f9q2ab", "2026-11-20", "harbor-legal-aid", "news", "Free clinic on Saturday")
    for width in ("40", "60", "80", "120"):
        monkeypatch.setenv("COLUMNS", width)
        table(columns, [row])
        shown = capsys.readouterr().out
        assert row[0] in shown
        assert row[1] in shown
        assert max(map(len, shown.splitlines())) <= int(width)


def test_what_a_language_needs_stays() -> None:
    words = "می\u200cخواهم\nक्\u200dष 👩\u200d👧 ñ"
    assert printable(words) == words


def test_json_says_the_same_in_escapes() -> None:
    text = as_json_text({"title": EVIL, "ñ": "é"}, indent=2)
    assert not CONTROLS.search(text)
    assert json.loads(text) == {"title": EVIL, "ñ": "é"}
    assert '"ñ": "é"' in text


def test_commands_speak_through_one_module_only() -> None:
    """`say`, `note`, `table` and `emit_json` clean what they print; click.echo would not."""
    folder = Path(newsletter.cli.__path__[0])
    loud = {
        f"{path.name}:{node.lineno}"
        for path in folder.glob("*.py")
        if path.name != "output.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("click.echo", "click.secho", "print")
    }
    assert not loud


def test_a_feed_list_that_somebody_tampered_with(workspace: Workspace) -> None:
    (workspace.root / "feeds.yaml").write_text(
        f"""organisations:
  - id: h
    name: {json.dumps(EVIL)}
    url: https://h.example
    languages: [en]
    feeds:
      - {{url: "https://h.example/feed"}}
"""
    )
    for words in (["show", "h"], ["show", "h", "--json"], ["export"], ["list"], ["list", "--json"]):
        done = call(workspace.root, "feeds", *words)
        assert done.returncode == 0, done.stderr
        assert "liame" in done.stdout or words[0] == "list"
        assert not CONTROLS.search(done.stdout)


@pytest.mark.parametrize(
    "words",
    [
        [EVIL[:-1]],
        ["pull", EVIL[:-1]],
        ["pull", "--" + EVIL[:-1]],
        ["draft", EVIL[:-1]],
        ["subscribers", "import", EVIL[:-1]],
        ["-w", EVIL[:-1], "doctor"],
    ],
)
def test_an_error_repeats_no_controls(workspace: Workspace, words: list[str]) -> None:
    (workspace.root / "feeds.yaml").write_text("organisations: []\n")
    done = call(workspace.root, *words)
    assert done.returncode == 2
    assert done.stderr
    assert not CONTROLS.search(done.stderr)


@pytest.mark.usefixtures("processes")
def test_a_settings_error_repeats_no_controls(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(
        '[coalition]\nname = "A"\n"zz\\u001b[2J\\u202e" = 1\n'
    )
    done = call(tmp_path, "pull")
    assert done.returncode == 2
    assert "zz" in done.stderr
    assert not CONTROLS.search(done.stderr)
