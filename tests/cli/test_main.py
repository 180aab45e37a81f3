"""The command itself: start-up, typing errors, expected errors, completion, colours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from newsletter import __version__
from newsletter.cli.main import cli
from newsletter.wiring import Workspace
from tests.cli.calling import FEEDS

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("processes")


def call(folder: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`newsletter WORDS` in a process of its own, in `folder`."""
    kept = {name: value for name, value in os.environ.items() if "NEWSLETTER" not in name}
    return subprocess.run(
        [sys.executable, "-m", "newsletter", *words],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_version_and_help_load_no_command(tmp_path: Path) -> None:
    heavy = ["aiohttp", "sqlalchemy", "flask", "feedparser", "jinja2", "PIL", "rich", "alembic"]
    code = (
        "import sys\n"
        "from newsletter.cli.main import main\n"
        "try:\n    main([sys.argv[1]])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)\n"
    )
    for flag, said in (("--version", __version__), ("--help", "approve")):
        done = subprocess.run(
            [sys.executable, "-c", code, flag],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert said in done.stdout
        assert done.stderr.strip() == "[]"


def test_a_mistyped_command_is_guessed(tmp_path: Path) -> None:
    done = call(tmp_path, "aprove")
    assert done.returncode == 2
    assert "Did you mean 'approve'?" in done.stderr


def test_an_expected_error_is_one_line_and_a_hint_and_its_code(tmp_path: Path) -> None:
    done = call(tmp_path, "pull")
    assert done.returncode == 2
    first, second = done.stderr.splitlines()
    assert first.startswith("newsletter: there is no newsletter.toml in")
    assert second.startswith("  hint: ")
    assert done.stdout == ""


def test_debug_shows_where_it_came_from(tmp_path: Path) -> None:
    assert "Traceback" in call(tmp_path, "--debug", "pull").stderr


def test_a_database_that_is_down_is_a_service_error(tmp_path: Path) -> None:
    assert call(tmp_path, "init").returncode == 0
    away = {"NEWSLETTER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    done = call(tmp_path, "items", "list", **away)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_a_reader_that_hangs_up_is_no_error(tmp_path: Path) -> None:
    assert call(tmp_path, "init").returncode == 0
    done = subprocess.run(
        f"{sys.executable} -m newsletter doctor --json | head -c 1",
        shell=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr


def test_streams_that_are_closed_full_or_of_another_encoding(workspace: Workspace) -> None:
    (workspace.root / "feeds.yaml").write_text(
        "organisations:\n  - {id: h, name: Ñandú 新, url: 'https://h.example', languages: [en]}\n"
    )
    ask = f"{sys.executable} -m newsletter"
    for line, code in (
        (f"{ask} feeds show h >&-", 0),
        (f"{ask} items list >&-", 0),
        (f"{ask} subscribers erase a@b.example <&-", 2),
        (f"{ask} feeds show h >/dev/full", 3),
        (f"PYTHONIOENCODING=latin-1 {ask} feeds show h", 0),
    ):
        done = subprocess.run(
            line,
            shell=True,
            cwd=workspace.root,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            encoding="latin-1",
            check=False,
        )
        assert done.returncode == code, (line, done.stderr)
        assert "Traceback" not in done.stderr
    assert "Ñandú \\u65b0" in done.stdout


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("feeds.yaml", ["feeds", "list"], 2),
        ("newsletter.toml", ["feeds", "list"], 2),
        ("stories/withdrawn.jsonl", ["stories", "list"], 3),
        ("newsletter.db", ["items", "list"], 3),
    ],
)
def test_a_folder_where_a_file_belongs_is_said_in_a_line(
    tmp_path: Path, name: str, words: list[str], code: int
) -> None:
    assert call(tmp_path, "init").returncode == 0
    (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / name).mkdir(parents=True)
    done = call(tmp_path, *words)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("newsletter: ")
    assert "Traceback" in call(tmp_path, "--debug", *words).stderr


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("newsletter app", "approve"), ("newsletter feeds pro", "proposals")],
)
def test_tab_completion_knows_commands(tmp_path: Path, typed: str, offered: str) -> None:
    asked = {
        "_NEWSLETTER_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    # The variable's name comes from the program's: completion asks `newsletter`, not `python -m`.
    code = "from newsletter.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **asked, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"plain,{offered}" in done.stdout.splitlines()


def test_a_workspace_is_found_from_a_folder_below_it_and_named_ones_are_not_searched(
    workspace: Workspace,
) -> None:
    below = workspace.root / "issues" / "2026-W47"
    below.mkdir(parents=True)
    (workspace.root / "feeds.yaml").write_text(FEEDS)
    assert call(below, "feeds", "list").returncode == 0
    assert call(below, "-w", ".", "feeds", "list").returncode == 2
    assert call(below, "feeds", "list", NEWSLETTER_WORKSPACE=".").returncode == 2


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("check 2026", {"2026-W47"}),
        ("pull h", {"harbor"}),
        ("approve --as A", {"Ana"}),
        ("items list --kind e", {"event"}),
        ("feeds pause https://h", {"https://harbor.example/feed/"}),
        ("templates copy kinds/ev", {"kinds/events.mjml", "kinds/events.txt"}),
        ("templates copy archive/st", {"archive/story.html", "archive/style.css"}),
        ("feeds remove ha", {"harbor"}),
        ("draft --bulletin --region los", {"los-angeles"}),
        ("draft --bulletin --topic ra", {"raids"}),
        ("resend --by A", {"Ana"}),
        ("send --uncertain skip --by A", {"Ana"}),
    ],
)
def test_tab_offers_what_the_workspace_has(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, words: str, offered: set[str]
) -> None:
    issue = workspace.root / "issues" / "2026-W47"
    issue.mkdir(parents=True)
    (issue / "en.md").write_text("draft")
    places = "    regions: [los-angeles]\n    topics: [raids]\n"
    (workspace.root / "feeds.yaml").write_text(FEEDS + places)

    def complete() -> set[str]:
        *before, typed = words.split()
        asked = ShellComplete(cli, {}, "newsletter", "").get_completions(before, typed)
        return {item.value for item in asked}

    monkeypatch.chdir(issue)
    assert complete() == offered
    monkeypatch.chdir(workspace.root.parent)
    assert complete() <= {"event"}  # no workspace: what is the program's own
