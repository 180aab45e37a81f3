"""A full disk: which one it is, and nothing half left."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from newsletter.errors import AttentionError, ServiceError
from tests.lasting.digests import Digest
from tests.lasting.test_commands import digest as digest_with_keys
from tests.lasting.test_commands import run

digest = digest_with_keys


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """No file can be written beyond that, as if the disk were full."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 100_000])
def test_in_the_middle_of_a_backup(digest: Digest, tmp_path: Path, size: int) -> None:
    file = tmp_path / "backups" / "b"
    file.parent.mkdir()
    (digest.root / "issues" / "2026-W47" / "large.md").write_bytes(os.urandom(1_000_000))
    run(digest, "backup", str(file))
    older = file.read_bytes()
    assert len(older) > size
    with files_end_at(size), pytest.raises(ServiceError, match="the disk is full") as refused:
        run(digest, "backup", "--replace", str(file))
    assert refused.value.exit_code == 3
    assert str(file.parent) in str(refused.value)
    assert "free space there" in refused.value.hint
    assert "what was there before is as it was" in refused.value.hint
    assert file.read_bytes() == older
    assert list(file.parent.iterdir()) == [file]


def unchanged(digest: Digest, file: Path, match: str) -> ServiceError:
    before = {name: made for name, made in digest.tree().items() if ".db" not in name}
    with pytest.raises(ServiceError, match=match) as refused:
        digest.restore(file)
    assert "[database] url" not in refused.value.hint
    assert "nothing was changed" in refused.value.hint
    assert {name: made for name, made in digest.tree().items() if ".db" not in name} == before
    assert not list(digest.root.glob(".*restor*"))
    return refused.value


def test_in_the_middle_of_a_restore(digest: Digest) -> None:
    (digest.root / "issues" / "2026-W47" / "large.md").write_bytes(os.urandom(1_000_000))
    file = digest.back_up()
    with files_end_at(700_000):
        said = unchanged(digest, file, "the disk is full")
    assert "free space there" in said.hint
    assert str(digest.root.parent) in str(said)
    assert digest.addresses() == {"ana", "bo", "cy"}


def test_while_the_database_is_filled(digest: Digest) -> None:
    file = digest.back_up()

    def end(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 40")

    event.listen(Engine, "connect", end)
    try:
        said = unchanged(digest, file, "the disk is full")
    finally:
        event.remove(Engine, "connect", end)
    assert "free space there" in said.hint
    with files_end_at(4096), pytest.raises(AttentionError, match="disk I/O error") as refused:
        digest.restore(file)
    assert "Look first if the disk is full" in refused.value.hint
    assert digest.addresses() == {"ana", "bo", "cy"}
