"""Two at once: one restore of a workspace, or into a database, and backups to one file."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from newsletter.errors import AttentionError, UsageError
from newsletter.lasting.age_stream import ToKeys
from newsletter.lasting.aside import FOLDER
from newsletter.lasting.backup_file import write_backup
from newsletter.lasting.stage import MARKER, refuse_interrupted
from newsletter.store import new_database
from newsletter.store.database import PROGRAM, open_engine
from newsletter.wiring.restore_options import Ahead
from tests.conftest import url_of
from tests.lasting.digests import PAIR, Digest
from tests.lasting.test_refused import NOW

LOCK = ToKeys(keys=[PAIR.public])


def test_a_second_restore_of_a_workspace_touches_nothing(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path)
    file = digest.back_up()
    seen: list[list[str]] = []

    def second(_: Ahead) -> None:
        made = sorted(str(path) for path in (digest.root / FOLDER).rglob("*"))
        with pytest.raises(AttentionError, match="another restore of this workspace") as refused:
            digest.restore(file)
        assert "wait until it is done" in refused.value.hint
        seen.append(sorted(str(path) for path in (digest.root / FOLDER).rglob("*")))
        assert seen[0] == made

    digest.restore(file, ask=second)
    assert len(seen) == 1
    assert digest.addresses() == {"ana", "bo", "cy"}
    assert not (digest.root / FOLDER).exists()
    digest.restore(file)


def test_so_it_is_with_two_workspaces_and_one_database_file(tmp_path: Path) -> None:
    shared = f"sqlite:///{tmp_path / 'shared' / 'n.db'}"
    digest = Digest.made(tmp_path)
    file, there = digest.back_up(), digest.elsewhere("there")

    def second(_: Ahead) -> None:
        with pytest.raises(AttentionError, match=r"another restore of .*n\.db is at work"):
            there.restore(file, to=shared)

    digest.restore(file, to=shared, ask=second)
    assert digest.addresses() == {"ana", "bo", "cy"}
    assert not list(there.root.iterdir())
    assert [path.name for path in (tmp_path / "shared").iterdir() if FOLDER in path.name] == []


def test_and_with_one_database_on_a_server(tmp_path: Path, postgres: Engine) -> None:
    digest = Digest.made(tmp_path)
    file, there, url = digest.back_up(), digest.elsewhere("there"), url_of(postgres)

    def second(_: Ahead) -> None:
        with pytest.raises(AttentionError, match="another restore into this database") as refused:
            there.restore(file, to=url)
        assert "another machine" in refused.value.hint

    digest.restore(file, to=url, ask=second)
    assert digest.addresses() == {"ana", "bo", "cy"}
    assert not list(there.root.iterdir())


def test_a_command_while_a_restore_puts_things_in_place(tmp_path: Path) -> None:
    digest = Digest.made(tmp_path)
    file = digest.back_up()

    def looked(_: Ahead) -> None:
        (digest.root / MARKER).write_text("{}")
        with pytest.raises(AttentionError, match="is at work") as refused:
            refuse_interrupted(digest.root)
        assert "run it again" not in refused.value.hint
        (digest.root / MARKER).unlink()

    digest.restore(file, ask=looked)


def connected(engine: Engine) -> int:
    others = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :us "
                  "AND datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
    with engine.connect() as connection:
        return int(connection.execute(others, {"us": PROGRAM}).scalar_one())


def test_a_program_that_does_nothing_is_noticed_on_a_server(
    tmp_path: Path, postgres: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(new_database, "_TRIES", 2)
    digest = Digest.made(tmp_path, NEWSLETTER_DATABASE_URL=url_of(postgres))
    file = digest.back_up()
    with digest.opened() as workspace:
        with workspace.seen_at_work():
            watching = open_engine(url_of(postgres), root=tmp_path)
            tries = (time.sleep(0.05) or connected(watching) for _ in range(200))  # type: ignore[func-returns-value]
            assert any(tries)
            watching.dispose()
            postgres.dispose()
            with pytest.raises(AttentionError, match="the database is in use"):
                digest.restore(file)
        workspace.engine.dispose()
    digest.restore(file)


def test_a_backup_leaves_alone_what_another_one_still_writes(tmp_path: Path) -> None:
    file, killed = tmp_path / "b", tmp_path / ".b.0123456789abcdef.part"
    killed.write_bytes(b"half")

    def meanwhile() -> Iterator[bytes]:
        yield os.urandom(200_000)
        write_backup(file, [b"second"], LOCK, now=NOW, replace=True)
        assert len(list(tmp_path.glob(".b.*.part"))) == 1
        yield b"first"

    write_backup(file, meanwhile(), LOCK, now=NOW, replace=True)
    assert file.stat().st_size > 200_000
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_the_later_one_replaces_no_file_unasked(tmp_path: Path) -> None:
    file = tmp_path / "b"

    def meanwhile() -> Iterable[bytes]:
        write_backup(file, [b"second"], LOCK, now=NOW)
        yield b"first"

    with pytest.raises(UsageError, match="already a file"):
        write_backup(file, meanwhile(), LOCK, now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
