"""`newsletter init` and `newsletter doctor`, as a new user runs them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli.main import cli
from newsletter.config import load
from newsletter.errors import ConfigError, NewsletterError, UsageError
from newsletter.members import registry
from newsletter.system import IS_POSIX

Run = Callable[..., Result]
KEY = {"NEWSLETTER_SECRET_KEY": "k" * 43}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSLETTER_SECRET_KEY", "NEWSLETTER_WORKSPACE", "NEWSLETTER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def invoke(*args: str, **environment: str) -> Result:
        return CliRunner().invoke(cli, args, env=environment)

    return invoke


def test_init_makes_a_workspace_that_loads(run: Run, tmp_path: Path) -> None:
    result = run("init", "digest", "--name", 'The "Bridge" Coalition', "--editor", "Noor")
    assert result.exit_code == 0, result.output
    config = load(tmp_path / "digest", {})
    assert config.coalition.name == 'The "Bridge" Coalition'
    assert [editor.name for editor in config.editors] == ["Noor"]
    feeds = (tmp_path / "digest" / "feeds.yaml").read_text(encoding="utf-8")
    assert registry.read(feeds) == ()


def test_init_makes_the_state_folder_outside_and_says_where(run: Run, tmp_path: Path) -> None:
    said = run("init", "digest").stdout
    (line,) = (line for line in said.splitlines() if "also kept in" in line)
    folder = Path(line.rpartition(" ")[2])
    assert (folder / "workspace").read_text().strip() == str(tmp_path / "digest")
    assert (tmp_path / "digest" / ".newsletter-id").read_text().strip() == folder.name
    assert run("-w", "digest", "state", "show").exit_code == 0


def test_the_folder_of_a_new_workspace_may_be_named_like_that_of_others(
    run: Run, tmp_path: Path
) -> None:
    assert "cd made" in run("-w", "made", "init").stderr
    assert "cd again" in run("init", NEWSLETTER_WORKSPACE="again").stderr
    assert {path.name for path in tmp_path.iterdir()} == {"made", "again"}
    assert run("-w", "one", "init", "./one").exit_code == 0
    for said in (
        run("-w", "two", "init", "three"),
        run("init", "three", NEWSLETTER_WORKSPACE="two"),
    ):
        assert isinstance(said.exception, UsageError)
        assert "names two, and FOLDER three" in str(said.exception)
    assert {path.name for path in tmp_path.iterdir()} == {"made", "again", "one"}


@pytest.mark.parametrize(
    "wrong",
    [{"NEWSLETTER_STATE": "{}/a-file/state"}, {"NEWSLETTER_DATABASE_URL": "oracle://here"}],
)
def test_a_workspace_that_cannot_be_made_whole_is_not_made(
    run: Run, tmp_path: Path, wrong: dict[str, str]
) -> None:
    (tmp_path / "a-file").touch()
    (tmp_path / "old" / "stories").mkdir(parents=True)
    (tmp_path / "old" / "stories" / "notes.md").touch()
    environment = {name: value.format(tmp_path) for name, value in wrong.items()}
    for folder in ("new", "old"):
        assert isinstance(run("init", folder, **environment).exception, NewsletterError)
    assert not (tmp_path / "new").exists()
    left = [path.name for path in (tmp_path / "old").rglob("*")]
    assert sorted(left) == ["notes.md", "stories"]
    assert run("init", "new").exit_code == 0


def test_doctor_says_when_the_state_folder_was_lost_or_others_read_it(
    run: Run, tmp_path: Path
) -> None:
    folder = Path(run("init").stdout.split()[-1])

    def found() -> list[tuple[str, str]]:
        lines = json.loads(run("doctor", "--json", **KEY).stdout)
        return [(one["status"], one["message"]) for one in lines if one["part"] == "state folder"]

    ((status, _),) = found()
    assert status == "fine"
    folder.chmod(0o755)
    is_said = ("look", "others on this computer can look into it") in found()
    assert is_said == IS_POSIX  # elsewhere a mode says nothing
    (tmp_path / "stories" / "a.md").touch()
    (folder / "chain.txt").unlink()
    assert any(status == "missing" and "chain.txt" in message for status, message in found())


def test_init_says_what_to_do_next_with_a_key_of_its_own(run: Run) -> None:
    first, second = run("init", "one"), run("init", "two")
    assert "cd one" in first.stderr
    assert "newsletter doctor" in first.stderr
    keys = [
        line.split("=", 1)[1]
        for result in (first, second)
        for line in result.stderr.splitlines()
        if "NEWSLETTER_SECRET_KEY=" in line
    ]
    assert len(set(keys)) == 2
    assert min(map(len, keys)) >= 32


def test_what_init_says_next_can_be_typed_as_it_stands(run: Run) -> None:
    assert "cd 'my digest'" in run("init", "my digest").stderr


def test_a_key_of_another_workspace_is_noticed(run: Run) -> None:
    run("init")
    assert run("subscribers", "list", **KEY).exit_code == 0
    another = {"NEWSLETTER_SECRET_KEY": "a" * 43}
    refused = run("subscribers", "list", **another)
    assert isinstance(refused.exception, ConfigError)
    found = {line["part"]: line for line in json.loads(run("doctor", "--json", **another).stdout)}
    assert found["which key"]["status"] == "missing"
    rotated = {**another, "NEWSLETTER_OLDER_SECRET_KEYS": KEY["NEWSLETTER_SECRET_KEY"]}
    assert run("subscribers", "list", **rotated).exit_code == 0
    dropped = run("subscribers", "list", **another)
    assert isinstance(dropped.exception, ConfigError), "people who left under it would be unknown"
    confirm = ("state", "confirm", "--by", "Ana", "--yes", "--new-secret-key")
    assert run(*confirm, **another).exit_code == 0
    assert run("subscribers", "list", **another).exit_code == 0
    assert isinstance(run("subscribers", "list", **KEY).exception, ConfigError)


def test_init_never_writes_over_a_workspace(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "feeds.yaml").write_text("# mine\n", encoding="utf-8")
    result = run("init")
    assert isinstance(result.exception, UsageError)
    assert (tmp_path / "feeds.yaml").read_text(encoding="utf-8") == "# mine\n"


def test_init_leaves_other_files_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    assert run("init").exit_code == 0
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"


def test_a_command_outside_a_workspace_says_so(run: Run) -> None:
    error = run("doctor").exception
    assert isinstance(error, ConfigError)
    assert "newsletter init" in error.hint


def test_doctor_names_what_a_new_workspace_lacks(run: Run) -> None:
    run("init")
    result = run("doctor", "--json")
    missing = {line["part"] for line in json.loads(result.stdout) if line["status"] == "missing"}
    assert missing == {"postal address", "sender", "public pages", "NEWSLETTER_SECRET_KEY"}
    assert all(line["hint"] for line in json.loads(result.stdout) if line["status"] != "fine")
    assert result.exit_code == 1


def test_doctor_is_content_with_a_complete_workspace(run: Run, tmp_path: Path) -> None:
    run("init")
    path = tmp_path / "newsletter.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace('postal_address = ""', 'postal_address = "1 Road"')
    text = text.replace('[web]\nurl = ""', '[web]\nurl = "https://news.bridge.example"')
    text = text.replace("digest@example.org", "digest@bridge.example")
    path.write_text(text, encoding="utf-8")
    result = run("doctor", **KEY)
    assert result.exit_code == 0, result.output
    assert "MISSING" not in result.stdout


def test_doctor_names_the_line_of_a_broken_feeds_file(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "feeds.yaml").write_text("organisations:\n  - idd: x\n", encoding="utf-8")
    result = run("doctor", **KEY)
    assert "feeds.yaml:2" in result.stdout
    assert result.exit_code == 1


def test_doctor_names_a_fault_in_ones_own_templates(run: Run, tmp_path: Path) -> None:
    run("init")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "footer.mjml").write_text("<mj-text>{{ adress }}</mj-text>")
    found = {line["part"]: line for line in json.loads(run("doctor", "--json", **KEY).stdout)}
    assert found["templates"]["status"] == "missing"
    assert "templates/footer.mjml:1" in found["templates"]["message"]


def test_doctor_says_that_stories_need_two_keys(run: Run) -> None:
    run("init")
    found = {line["part"]: line for line in json.loads(run("doctor", "--json", **KEY).stdout)}
    assert found["story keys"]["status"] == "look"
    assert "keys init" in found["story keys"]["hint"]
