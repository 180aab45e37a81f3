"""The database's file is for its owner alone: it holds every address."""

import stat
from pathlib import Path

from newsletter.store.database import open_engine
from newsletter.store.schema import migrate


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def test_a_new_database_and_its_log_can_be_read_by_their_owner_only(tmp_path: Path) -> None:
    engine = open_engine("sqlite:///newsletter.db", root=tmp_path)
    assert not list(tmp_path.iterdir())
    migrate(engine)
    with engine.connect():
        assert len(list(tmp_path.iterdir())) == 3
        assert modes(tmp_path) == {0o600}
    engine.dispose()


def test_a_database_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    path.touch()
    path.chmod(0o660)
    engine = open_engine("sqlite:///newsletter.db", root=tmp_path)
    migrate(engine)
    engine.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
