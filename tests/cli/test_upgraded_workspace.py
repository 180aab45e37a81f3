"""A workspace of 0.2 after the upgrade: its chain, its files and what a person sees of them."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from alembic import command

from newsletter.config import load
from newsletter.model.submission import Checkpoint, StoryEvent
from newsletter.store.database import open_engine
from newsletter.store.schema import alembic_settings
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller
from tests.conftest import NEWSLETTER_TOML
from tests.store.test_relinked_upgrade import BEFORE, FORM, WRITTEN, write

OLD = [FORM, *(event.sha256 for event in BEFORE[2:])]


def lines(written: Sequence[Checkpoint]) -> str:
    return "".join(f"{one.length} {one.sha256}\n" for one in written)


def as_0_2_left_it(root: Path, events: Sequence[StoryEvent] = BEFORE) -> None:
    """The database and what was written down of it; the state folder came later."""
    engine = open_engine("sqlite:///newsletter.db", root=root)
    with engine.begin() as connection:
        command.upgrade(alembic_settings(connection), "0001")
        write(connection, events)
    engine.dispose()
    (root / "stories").mkdir(exist_ok=True)
    (root / "stories/chain.txt").write_text(lines(WRITTEN))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "digest"
    made.mkdir()
    (made / "newsletter.toml").write_text(NEWSLETTER_TOML)
    monkeypatch.setenv("NEWSLETTER_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("NEWSLETTER_DATABASE_URL", "sqlite:///newsletter.db")
    return made


@pytest.fixture
def run(root: Path) -> Run:
    return caller(Workspace(config=load(root, {"NEWSLETTER_STATE": str(root.parent / "state")})))


def kept(root: Path) -> Iterator[str]:
    """The old digests that stand in a file of the workspace or its state folder."""
    files = [path for path in root.parent.rglob("*") if path.is_file()]
    assert files
    data = b"".join(path.read_bytes() for path in files)
    return (digest for digest in OLD if digest.encode() in data)


def test_after_the_upgrade_is_confirmed_the_log_is_whole_and_no_file_confirms_a_guess(
    root: Path, run: Run
) -> None:
    as_0_2_left_it(root)
    assert set(kept(root)) == set(OLD)
    shown = run("state", "show")
    assert "state folder is missing" in shown.output
    assert "event " not in shown.output.replace("5 events", "")
    assert run("state", "confirm", "--by", "Ana", "--yes").exit_code == 0
    checked = run("stories", "log", "--verify")
    assert (checked.exit_code, checked.output) == (0, "5 events, 0 problems\n")
    assert "the 4 events before it" in run("stories", "log").output
    assert not list(kept(root))


def test_what_was_put_back_from_before_the_upgrade_is_put_under_the_key_and_still_compared(
    root: Path, run: Run
) -> None:
    as_0_2_left_it(root)
    run("state", "confirm", "--by", "Ana", "--yes")
    with (root / "stories/chain.txt").open("a") as file:
        file.write(lines(WRITTEN))
    for _ in range(2):
        assert run("stories", "log", "--verify").exit_code == 0
        assert not list(kept(root))
    assert (root / "stories/chain.txt").read_text().count("\n") == 5


def test_a_database_put_back_to_before_the_upgrade_is_found_out(root: Path, run: Run) -> None:
    as_0_2_left_it(root, BEFORE[:3])
    backup = root.parent / "backup.db"
    shutil.copy(root / "newsletter.db", backup)
    older = run("state", "show").output
    assert "the last events are missing: is this an older database?" in older
    (root / "newsletter.db").unlink()
    as_0_2_left_it(root)
    run("state", "confirm", "--by", "Ana", "--yes")
    assert run("stories", "log", "--verify").exit_code == 0
    (root / "newsletter.db").unlink()
    shutil.copy(backup, root / "newsletter.db")
    checked = run("stories", "log", "--verify")
    assert checked.exit_code == 1
    assert "the last events are missing: is this an older database?" in checked.output
