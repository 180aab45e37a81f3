"""`newsletter backup` and `newsletter restore`, as they are typed."""

import gc
import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, NullPool, create_engine, text

from newsletter.cli.main import cli
from newsletter.doctor.findings import Status
from newsletter.doctor.state import state
from newsletter.errors import AttentionError, ConfigError, NewsletterError
from newsletter.lasting.age_stream import ToKeys
from newsletter.lasting.back_up import backup_chunks
from newsletter.lasting.backup_file import write_backup
from newsletter.model.submission import CHAIN_START
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import database
from newsletter.store.new_database import shown
from newsletter.stories.keys.identity import save
from newsletter.stories.keys.recipients import Recipient, write_recipients
from newsletter.wiring.restore_database import GAP
from tests.conftest import url_of
from tests.lasting.digests import PAIR, Digest
from tests.lasting.test_restore import end
from tests.stories.quick_seal import seal_quickly

WORDS = "walnut ferry cobalt lantern drizzle"


@pytest.fixture
def digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Digest:
    """One whose backups the editor's key opens."""
    made = Digest.made(tmp_path)
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    seal_quickly(monkeypatch.setattr)
    save(tmp_path / "identity.age", PAIR.secret, WORDS)
    monkeypatch.setenv("NEWSLETTER_IDENTITY", str(tmp_path / "identity.age"))
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", WORDS)
    with made.opened() as workspace:
        write_recipients(workspace.files, (Recipient(key=PAIR.public, name="Ana"),))
    return made


def run(digest: Digest, *arguments: str, typed: str = "") -> Result:
    result = CliRunner().invoke(cli, ["-w", str(digest.root), *arguments], input=typed)
    gc.collect()  # a process that ends closes its database
    if isinstance(result.exception, NewsletterError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def unpool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no connection to a server outlive its use: as if each command were a process."""
    unpooled = partial(create_engine, poolclass=NullPool)
    monkeypatch.setattr(database, "create_engine", unpooled)


def test_backed_up_to_the_keys_and_restored(digest: Digest, tmp_path: Path) -> None:
    file = str(tmp_path / "b")
    said = run(digest, "backup", file)
    assert "encrypted to 1 key" in said.stdout
    assert "NEWSLETTER_SECRET_KEY is not in it" in said.stderr
    end(digest, "bo", SuppressionReason.LEFT)
    answered = run(digest, "restore", file, "--yes", "--json")
    data = json.loads(answered.stdout)["restored"]
    assert (data["kept_out"], data["people_removed"], data["put_back"]) == (1, 1, [])
    assert digest.addresses() == {"ana", "cy"}
    again = run(digest, "restore", file, "--yes")
    assert "1 address kept out" in again.stdout
    assert "will be as they were then" in again.stderr


def test_without_a_terminal_nothing_is_replaced_unasked(digest: Digest, tmp_path: Path) -> None:
    file = str(tmp_path / "b")
    run(digest, "backup", file)
    before = digest.tree()
    refused = run(digest, "restore", file)
    assert refused.exit_code == 2
    assert "add --yes" in refused.stderr
    assert digest.tree() == before


def test_what_is_wrong_with_the_call_is_said(digest: Digest, tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_text("there")
    with pytest.raises(NewsletterError, match="already a file"):
        run(digest, "backup", str(file))
    with pytest.raises(NewsletterError, match="no folder"):
        run(digest, "backup", str(tmp_path / "none" / "b"))
    with pytest.raises(NewsletterError, match="folder that is backed up"):
        run(digest, "backup", str(digest.root / "issues" / "b"))
    run(digest, "backup", str(file), "--replace")
    with pytest.raises(NewsletterError, match="not supported"):
        run(digest, "restore", str(file), "--to", "mysql://x", "--yes")
    assert run(digest, "restore", str(tmp_path / "none")).exit_code == 2


def test_a_passphrase_that_could_be_guessed_is_refused(
    digest: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_BACKUP_PASSPHRASE", "newsletter2026")
    with pytest.raises(AttentionError, match="could be guessed"):
        run(digest, "backup", str(tmp_path / "b"), "--passphrase")
    assert not (tmp_path / "b").exists()


def test_the_secret_key_is_shown_where_it_was_asked_for(
    digest: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, key = str(tmp_path / "b"), digest.environ["NEWSLETTER_SECRET_KEY"]
    run(digest, "backup", file, "--with-secret-key")
    new = digest.elsewhere("new", state="new-state")
    monkeypatch.delenv("NEWSLETTER_SECRET_KEY")
    monkeypatch.setenv("NEWSLETTER_STATE", str(new.state))
    said = run(new, "restore", file)
    assert f"NEWSLETTER_SECRET_KEY='{key}'" in said.stderr, "as it can be typed"
    assert key not in said.stdout
    assert "0 addresses kept out" in said.stdout
    with new.opened() as workspace:
        first = workspace.subscribers.stream(0, 1)[0].id
        assert first < GAP


def test_older_keys_with_a_comma_come_back_too(
    digest: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, older = str(tmp_path / "b"), digest.environ["NEWSLETTER_SECRET_KEY"]
    assert "," in older
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "n" * 43)
    monkeypatch.setenv("NEWSLETTER_OLDER_SECRET_KEYS", f"{older}\n")
    run(digest, "subscribers", "list")
    run(digest, "backup", file, "--with-secret-key")
    monkeypatch.delenv("NEWSLETTER_SECRET_KEY")
    monkeypatch.delenv("NEWSLETTER_OLDER_SECRET_KEYS")
    new = digest.elsewhere("new", state="new-state")
    monkeypatch.setenv("NEWSLETTER_STATE", str(new.state))
    said = run(new, "restore", file)
    assert said.exit_code == 0
    assert f"NEWSLETTER_SECRET_KEY={'n' * 43}\n" in said.stderr
    assert f"NEWSLETTER_OLDER_SECRET_KEYS='{older}\n'" in said.stderr


def test_people_whom_no_key_here_can_find_are_said(
    digest: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "b")
    run(digest, "backup", file)
    newer = digest.elsewhere(
        "digest",
        NEWSLETTER_SECRET_KEY="n" * 43,
        NEWSLETTER_OLDER_SECRET_KEYS=f"{digest.environ['NEWSLETTER_SECRET_KEY']}\n",
    )
    end(newer, "bo", SuppressionReason.LEFT)
    for left in digest.root.glob("newsletter.db*"):
        left.unlink()
    said = run(digest, "restore", file, "--yes")
    assert said.exit_code == 1
    assert "1 person left under a secret key that is not set here" in said.stderr
    assert "NEWSLETTER_OLDER_SECRET_KEYS" in said.stderr
    shown = run(digest, "state", "show")
    assert shown.exit_code == 1
    assert "1 person left under a secret key that is not set here" in shown.stderr
    with digest.opened() as workspace:
        found = [one.message for one in state(workspace) if one.status is Status.MISSING]
    assert ["1 person left" in message for message in found] == [True]
    for name, value in newer.environ.items():
        monkeypatch.setenv(name, value)
    assert run(newer, "restore", file, "--yes").exit_code == 0
    assert run(newer, "state", "show").exit_code == 0


def test_another_program_on_postgresql_is_noticed(
    digest: Digest, tmp_path: Path, postgres: Engine
) -> None:
    url = url_of(postgres)
    run(digest, "backup", str(tmp_path / "b"))
    with postgres.connect() as connection:
        connection.execute(text("SELECT 1"))
        with pytest.raises(AttentionError, match="in use"):
            run(digest, "restore", str(tmp_path / "b"), "--to", url, "--yes")
    postgres.dispose()
    said = run(digest, "restore", str(tmp_path / "b"), "--to", url, "--yes")
    assert "is not used any more" in said.stderr
    assert "postgresql://" in (digest.root / "newsletter.toml").read_text()
    assert "password was not written" not in said.stderr


def test_a_folder_that_is_a_link_to_another_disk_stays_one(digest: Digest, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    (digest.root / "issues").rename(shared)
    (digest.root / "issues").symlink_to(shared)
    file = str(tmp_path / "b")
    run(digest, "backup", file)
    (shared / "2026-W47" / "en.md").write_text("since")
    run(digest, "restore", file, "--yes")
    assert (digest.root / "issues").is_symlink()
    assert "This week" in (shared / "2026-W47" / "en.md").read_text()
    assert not list(tmp_path.glob(".*"))


def test_a_backup_holds_no_clear_text(digest: Digest, tmp_path: Path) -> None:
    file = tmp_path / "b"
    with digest.opened() as workspace:
        from newsletter.wiring.backup_source import backup_source

        source = backup_source(
            workspace, with_secret_key=True, begun=lambda head: lambda rows: None
        )
        write_backup(file, backup_chunks(source), ToKeys(keys=[PAIR.public]), now=workspace.now())
    data = file.read_bytes()
    assert b"example.org" not in data
    assert digest.environ["NEWSLETTER_SECRET_KEY"].encode() not in data


def test_a_backup_of_another_database_says_that_it_moves_back(
    digest: Digest, tmp_path: Path, postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpool(monkeypatch)
    older, newer, url = str(tmp_path / "b"), str(tmp_path / "c"), url_of(postgres)
    run(digest, "backup", older)
    moved = run(digest, "restore", older, "--yes", "--to", url)
    there = shown(url)
    assert f"The database is sqlite:///newsletter.db now. It will be {there}." in moved.stderr
    for left in digest.root.glob("newsletter.db*"):
        left.unlink()
    run(digest, "backup", newer)
    back = run(digest, "restore", older, "--yes")
    assert f"The database is {there} now. It will be sqlite:///newsletter.db." in back.stderr
    assert f"Still to do: {there} is not used any more" in back.stderr
    again = run(digest, "restore", newer, "--yes")
    assert f"The database is sqlite:///newsletter.db now. It will be {there}." in again.stderr
    assert "Still to do: newsletter.db is not used any more" in again.stderr
    same = run(digest, "restore", newer, "--yes")
    assert "The database is" not in same.stderr
    assert "not used any more" not in same.stderr


def test_both_count_the_same_files(digest: Digest, tmp_path: Path) -> None:
    (digest.root / ".gitignore").unlink()
    (digest.root / "stories").mkdir(exist_ok=True)
    (digest.root / "stories" / "chain.txt").write_text(f"0 {CHAIN_START}\n")
    backed_up = json.loads(run(digest, "backup", str(tmp_path / "b"), "--json").stdout)
    new = digest.elsewhere("new")
    restored = json.loads(run(new, "restore", str(tmp_path / "b"), "--json").stdout)["restored"]
    assert restored["files"] == backed_up["files"]


@pytest.mark.parametrize("address", ["mysql://u:s3cret@h:bad/x", "sqlite://h:bad/x", "nonsense"])
def test_an_address_that_is_none(digest: Digest, tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="no address of a database") as refused:
        run(digest, "restore", str(tmp_path / "identity.age"), "--yes", "--to", address)
    assert "s3cret" not in f"{refused.value}{refused.value.hint}"
