"""A newer database, or one that lacks a column: each command says so and touches nothing."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from newsletter.cli.main import cli
from newsletter.errors import NewsletterError, SchemaError
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from tests.cli.calling import FEEDS, closing_workspaces
from tests.conftest import NEWSLETTER_TOML
from tests.state import state_of
from tests.test_docs import ALL

OTHER = {
    "newer": ("UPDATE alembic_version SET version_num = '9999'", "newer version"),
    "lacking": ("ALTER TABLE feed_states DROP COLUMN period", "feed_states.period"),
}
NOT_HERE = ("demo", "init", "serve")  # in no workspace, or for as long as nobody stops it
NETWORK = ("feeds add", "feeds check", "bounces read")  # ask a server first
WITHOUT = {
    "doctor",  # says it as a finding
    "feeds edit", "feeds export", "feeds pause", "feeds remove", "keys init",
    "templates copy", "templates gallery", "templates kinds",  # work on files alone
    "templates lint", "templates list",
    "feeds import", "stories import",  # there is no such file
    "stories contact", "stories messages", "stories review",  # no key
    "stories take", "keys rotate", "backup",
    "restore",  # there is no such file
    "doctor dkim", "doctor mail", "editors list", "editors remove", "editors test",  # without it
    "subscribers erase",  # asks twice
}  # fmt: skip


def examples() -> Iterator[tuple[str, list[str]]]:
    """What each command's help gives as an example, without the word newsletter."""
    for name, command in ALL.items():
        if command.epilog and name.split()[1] not in NOT_HERE and name[11:] not in NETWORK:
            arguments = shlex.split(command.epilog.removeprefix("Example: "))[1:]
            yield name, [one for one in arguments if one != "--serve"]  # which nobody would stop


def files(root: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".db" not in path.name
    }


@pytest.mark.parametrize(
    ("other", "url"), [("newer", "sqlite"), ("lacking", "postgres")], indirect=["url"]
)
def test_each_command_says_so_and_nothing_is_touched(
    other: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "digest"
    root.mkdir()
    toml = NEWSLETTER_TOML.replace('"Ana"', '"Rosa"')
    (root / "newsletter.toml").write_text(toml, "utf-8")
    feeds = FEEDS.replace("id: harbor", "id: harbor-legal-aid")
    (root / "feeds.yaml").write_text(feeds, "utf-8")
    (root / "people.csv").write_text("address\nana@readers.example\n", "utf-8")
    for name, value in {
        "NEWSLETTER_SECRET_KEY": "a key for tests only, 32 bytes long",
        "NEWSLETTER_DATABASE_URL": url,
        "NEWSLETTER_STATE": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(root)
    monkeypatch.setattr("webbrowser.open", lambda address: True)
    statement, words = OTHER[other]
    engine = open_engine(url, root=root)
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    state_of(root)  # the workspace gets its id
    with closing_workspaces(monkeypatch):
        assert names_that_do_not_say(words, root) == WITHOUT


def names_that_do_not_say(words: str, root: Path) -> set[str]:
    silent = set()
    for name, arguments in examples():
        before = files(root.parent)
        error = CliRunner().invoke(cli, ["-w", str(root), *arguments], input="y\n").exception
        assert error is None or isinstance(error, NewsletterError | SystemExit), (name, error)
        if not isinstance(error, SchemaError):
            silent.add(name.removeprefix("newsletter "))
            continue
        assert words in error.message, name
        assert error.hint
        assert error.exit_code == 2
        assert files(root.parent) == before, name
    return silent
