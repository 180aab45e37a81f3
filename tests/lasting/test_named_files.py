"""A restore writes where it was told to; what the settings in a backup name elsewhere is asked."""

import shutil
from pathlib import Path

import pytest

from newsletter.errors import AttentionError
from newsletter.wiring.restore_options import Ahead
from tests.conftest import NEWSLETTER_TOML
from tests.lasting.digests import Digest
from tests.lasting.mutations import put_together, taken_apart, with_changed


def with_settings(digest: Digest, more: str) -> Path:
    """The backup of a digest that has them too."""
    file = digest.root / "newsletter.toml"
    file.write_text(f"{NEWSLETTER_TOML}\n{more}\n", encoding="utf-8")
    return digest.back_up()


def with_changed_settings(digest: Digest, more: str) -> Path:
    """The same, made by somebody whose workspace never worked with them."""
    members = taken_apart(digest.back_up())
    assert members[1][0].name == "files/newsletter.toml"
    changed = with_changed(members, 1, data=f"{NEWSLETTER_TOML}\n{more}\n".encode())
    return put_together(digest.root.with_name("backup"), changed)


def test_a_database_elsewhere_is_not_replaced_by_a_rehearsal(tmp_path: Path) -> None:
    live = tmp_path / "data" / "live.db"
    live.parent.mkdir()
    digest = Digest.made(tmp_path, NEWSLETTER_DATABASE_URL=f"sqlite:///{live}")
    digest.environ.pop("NEWSLETTER_DATABASE_URL")
    backup = with_settings(digest, f'[database]\nurl = "sqlite:///{live}"')
    was = live.read_bytes()
    there = digest.elsewhere("rehearsal")
    with pytest.raises(AttentionError, match=r"outside of this folder: .*live\.db") as refused:
        there.restore(backup)
    assert "--to sqlite:///newsletter.db" in refused.value.hint
    assert live.read_bytes() == was
    assert not list(there.root.iterdir()), "nothing was left"
    there.restore(backup, to="sqlite:///newsletter.db")
    assert there.addresses() == {"ana", "bo", "cy"}
    assert live.read_bytes() == was
    digest.restore(backup)  # where it belongs it goes there
    there.restore(backup, to=f"sqlite:///{live}")  # and where a person says so


@pytest.mark.parametrize("database", ["", "newsletter.toml", "issues/x.db", "../x.db", "issues"])
def test_a_database_in_the_place_of_something_else(tmp_path: Path, database: str) -> None:
    digest = Digest.made(tmp_path)
    backup = with_changed_settings(digest, f'[database]\nurl = "sqlite:///{database}"')
    there = digest.elsewhere("there")
    with pytest.raises(AttentionError, match="the backup's settings name"):
        there.restore(backup)
    assert not list(there.root.iterdir())
    assert {path.name for path in tmp_path.iterdir()} == {"digest", "state", "backup", "there"}


def test_a_database_in_a_folder_of_its_own(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path)
    there = digest.elsewhere("there")
    there.restore(digest.back_up(), to="sqlite:///data/newsletter.db")
    assert (there.root / "data" / "newsletter.db").is_file()
    assert there.addresses() == {"ana", "bo", "cy"}


@pytest.mark.parametrize(
    ("setting", "named"),
    [("stories", "../out.jsonl"), ("stories", "stories/../../out.jsonl"), ("transport", "../out")],
)
def test_other_files_elsewhere_are_asked_for(tmp_path: Path, setting: str, named: str) -> None:
    digest = Digest.made(tmp_path)
    key = "withdrawn" if setting == "stories" else "dkim_key_file"
    (digest.root / named).resolve().write_text("", encoding="utf-8")
    backup = with_settings(digest, f'[{setting}]\n{key} = "{named}"')
    seen: list[Ahead] = []

    def refuse(ahead: Ahead) -> None:
        seen.append(ahead)
        raise AttentionError("no")

    there = digest.elsewhere("there")
    with pytest.raises(AttentionError, match=r"^no$"):
        there.restore(backup, ask=refuse)
    assert [f"[{setting}] {key}" in words for words in seen[0].outside] == [True]
    assert str(tmp_path / "out") in seen[0].outside[0]
    digest.restore(backup, ask=lambda ahead: seen.append(ahead))
    assert seen[-1].outside == (), "this workspace names it too"


@pytest.mark.parametrize("named", ["", "newsletter.toml", "issues", "newsletter.db", ".", "x/.."])
def test_a_file_of_withdrawals_that_is_something_else(tmp_path: Path, named: str) -> None:
    digest = Digest.made(tmp_path)
    backup = with_changed_settings(digest, f'[stories]\nwithdrawn = "{named}"')
    there = digest.elsewhere("there")
    with pytest.raises(AttentionError, match="that is something else"):
        there.restore(backup)
    assert not list(there.root.iterdir())


def test_files_are_as_private_as_they_were(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path)
    for name, mode in {"newsletter.toml": 0o600, "feeds.yaml": 0o640, "issues": 0o700}.items():
        (digest.root / name).chmod(mode)
    backup = digest.back_up()
    (digest.root / "newsletter.toml").chmod(0o644)
    for there in (digest, digest.elsewhere("there")):
        there.restore(backup)
        assert (there.root / "newsletter.toml").stat().st_mode & 0o777 == 0o600
        assert (there.root / "feeds.yaml").stat().st_mode & 0o777 == 0o640
    assert (digest.root / "issues").stat().st_mode & 0o777 == 0o700


def test_so_are_folders_in_folders(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path)
    only_mine, none_above = digest.root / "issues" / "2026-W01", digest.root / "issues" / "2026-W02"
    for folder in (only_mine, none_above):
        folder.mkdir(mode=0o700)
        (folder / "en.md").write_text("# A week\n")
    backup = digest.back_up()
    shutil.rmtree(none_above)
    only_mine.parent.chmod(0o750)
    digest.restore(backup)
    assert only_mine.stat().st_mode & 0o777 == 0o700
    assert none_above.stat().st_mode & 0o777 == 0o750
