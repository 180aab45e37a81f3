"""The folder outside the workspace: found by an id, made only where nothing can be lost."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.config import Config, load
from newsletter.errors import AttentionError, ConfigError, ServiceError
from newsletter.stories.record.revocation_file import RevocationFile
from newsletter.wiring import Workspace
from newsletter.wiring.state_folder import ID_FILE, KEY_LENGTH, StateFolder
from tests.conftest import NEWSLETTER_TOML


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that never had a state folder."""
    made = tmp_path / "digest"
    made.mkdir()
    (made / "newsletter.toml").write_text(NEWSLETTER_TOML)
    return made


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "home" / "state"


def opened(root: Path, base: Path) -> Workspace:
    return Workspace(config=load(root, {"NEWSLETTER_STATE": str(base)}))


def made(root: Path, base: Path) -> StateFolder:
    return StateFolder.of(root, base).make(root)


def test_it_is_made_where_nothing_can_be_lost_and_nobody_else_reads_it(
    root: Path, base: Path
) -> None:
    folder = opened(root, base).state_folder.insist()
    assert folder.path.parent == base
    assert folder.path.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.path.iterdir())
    assert len(folder.recognition_key()) == KEY_LENGTH
    assert opened(root, base).state_folder.recognition_key() == folder.recognition_key()
    assert not (root / "newsletter.db").exists(), "no database is made to look for one"


@pytest.mark.parametrize(
    "name", ["stories/a.md", "stories/withdrawn.jsonl", "stories/chain.txt", "issues/a/sent.json"]
)
def test_an_older_workspace_with_stories_or_sends_waits_for_a_person(
    root: Path, base: Path, name: str
) -> None:
    (root / name).parent.mkdir(parents=True)
    (root / name).touch()
    with pytest.raises(AttentionError, match="state folder is missing") as refused:
        opened(root, base).state_folder.insist()
    assert "newsletter state confirm --by NAME" in refused.value.hint


def test_a_database_that_does_not_answer_proves_nothing(root: Path, base: Path) -> None:
    environ = {"NEWSLETTER_STATE": str(base), "NEWSLETTER_DATABASE_URL": "sqlite:///newsletter.db"}
    (root / "newsletter.db").write_bytes(b"no database at all, but there is something" * 100)
    workspace = Workspace(config=load(root, environ))
    assert workspace.state_folder.lost


def test_killed_while_it_was_made_it_is_made_the_next_time(root: Path, base: Path) -> None:
    StateFolder.of(root, base)  # the id, and then the power went
    assert not opened(root, base).state_folder.lost


@pytest.mark.parametrize("gone", ["", "recognition.key", "chain.txt"])
def test_lost_whole_or_in_part_it_is_told(root: Path, base: Path, gone: str) -> None:
    folder = made(root, base)
    (root / "stories").mkdir()
    (root / "stories" / "a.md").touch()
    if gone:
        (folder.path / gone).unlink()
    else:
        shutil.rmtree(folder.path)
    with pytest.raises(AttentionError, match=gone or "missing"):
        opened(root, base).state_folder.insist()


def test_a_copy_of_the_workspace_elsewhere_finds_the_same_folder(
    root: Path, base: Path, tmp_path: Path
) -> None:
    folder = made(root, base)
    clone = tmp_path / "clone"
    shutil.copytree(root, clone)
    assert opened(clone, base).state_folder == folder


def test_a_backup_from_before_the_id_finds_it_by_the_path(root: Path, base: Path) -> None:
    folder = made(root, base)
    (root / ID_FILE).unlink()
    (root / "stories").mkdir()
    (root / "stories" / "a.md").touch()
    assert opened(root, base).state_folder.insist() == folder
    assert (root / ID_FILE).read_text().strip() == folder.path.name


def test_two_folders_that_know_a_workspace_without_an_id_are_named(root: Path, base: Path) -> None:
    folders = []
    for _ in range(2):
        (root / ID_FILE).unlink(missing_ok=True)
        folders.append(StateFolder.of(root, base, is_first=True).make(root).path.name)
    (root / ID_FILE).unlink()
    with pytest.raises(ConfigError, match="several state folders") as refused:
        opened(root, base).state_folder  # noqa: B018
    assert all(name in refused.value.message for name in folders)


def test_a_new_workspace_where_an_old_one_was_deleted_has_a_folder_of_its_own(
    root: Path, base: Path
) -> None:
    old = made(root, base)
    (root / ID_FILE).unlink()
    assert opened(root, base).begin_state() != old


@pytest.mark.parametrize(
    "text",
    ["", "\n", "../../../etc", "/etc", "a" * 31, "A" * 32, f"{'a' * 32}/..", "\udcff", "a\0"],
)
def test_a_damaged_or_hostile_id_leads_nowhere(root: Path, base: Path, text: str) -> None:
    (root / ID_FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match="not the workspace's id"):
        opened(root, base).state_folder  # noqa: B018
    assert not base.exists()


def test_an_id_that_is_a_folder_or_a_dangling_link_is_said_in_a_line(
    root: Path, base: Path
) -> None:
    (root / ID_FILE).symlink_to(root / "nowhere")
    with pytest.raises(ServiceError, match="No such file"):
        opened(root, base).state_folder  # noqa: B018
    (root / ID_FILE).unlink()
    (root / ID_FILE).mkdir()
    with pytest.raises(ServiceError, match="directory"):
        opened(root, base).state_folder  # noqa: B018


def test_a_folder_inside_the_workspace_is_refused_also_behind_a_link(
    root: Path, tmp_path: Path
) -> None:
    for inside in (root, root / "state"):
        with pytest.raises(ConfigError, match="inside the workspace"):
            made(root, inside)
    (root / "state").mkdir()
    link = tmp_path / "apart"
    link.symlink_to(root / "state")
    with pytest.raises(ConfigError, match="inside the workspace"):
        made(root, link)


def test_a_setting_that_depends_on_where_a_command_runs_is_refused(root: Path) -> None:
    with pytest.raises(ConfigError, match="another folder wherever"):
        load(root, {"NEWSLETTER_STATE": "state"})
    assert load(root, {"NEWSLETTER_STATE": "~/state"}).state.is_absolute()


def test_a_place_that_cannot_be_written_is_said_in_a_line(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServiceError, match="Not a directory") as refused:
        made(root, tmp_path / "file")
    assert "NEWSLETTER_STATE" in refused.value.hint


@contextmanager
def as_a_user_who_only_reads(folder: Path) -> Iterator[None]:
    if os.geteuid():
        folder.chmod(0o500)
        yield
        folder.chmod(0o700)
    else:
        for path in folder.iterdir():
            path.chmod(0o644)
        os.seteuid(65534)
        yield
        os.seteuid(0)


def test_a_folder_that_can_only_be_read_is_not_enough_to_serve(root: Path) -> None:
    with tempfile.TemporaryDirectory() as outside:  # others cannot walk into pytest's own folder
        folder = made(root, Path(outside))
        for path in (Path(outside), folder.path):
            path.chmod(0o755)
        assert folder.insist_writable() == folder
        with (
            as_a_user_who_only_reads(folder.path),
            pytest.raises(AttentionError, match="cannot be written"),
        ):
            folder.insist_writable()


def test_a_key_cut_short_is_never_used(root: Path, base: Path) -> None:
    folder = made(root, base)
    (folder.path / "recognition.key").write_bytes(b"short")
    with pytest.raises(ConfigError, match="5 bytes instead of 32"):
        folder.recognition_key()


def test_two_machines_with_different_keys_are_told_and_answer_nothing(
    make_config: Callable[..., Config], tmp_path: Path
) -> None:
    first = Workspace(config=make_config())
    first.consents.revocations()
    second = Workspace(config=make_config(NEWSLETTER_STATE=str(tmp_path.with_name("laptop"))))
    second.state_folder.make(tmp_path)
    with pytest.raises(AttentionError, match="not the one that this database was used with"):
        second.consents.revocations()
    key = (first.state_folder.path / "recognition.key").read_bytes()
    (second.state_folder.path / "recognition.key").write_bytes(key)
    assert second.consents.revocations() == ()
    for workspace in (first, second):
        workspace.engine.dispose()


def test_a_key_alone_is_no_state_folder_yet(root: Path, base: Path) -> None:
    folder = StateFolder.of(root, base)
    folder.recognition_key()
    assert folder.lost == "the state folder is missing"


def test_what_an_older_version_wrote_waits_for_the_right_key(tmp_path: Path) -> None:
    path = tmp_path / "withdrawn.jsonl"
    line = '{"on": "2026-11-20", "record": "r", "text": "' + "ab" * 32 + '", "withdrawn": true}\n'
    path.write_text(line)
    assert RevocationFile(path, key=b"k" * 32, is_kept=False).read()
    assert path.read_text() == line
    assert RevocationFile(path, key=b"k" * 32).read()
    assert "ab" * 32 not in path.read_text()
