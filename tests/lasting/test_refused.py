"""A backup that cannot be put back changes nothing, and says why in one line."""

import io
import json
import os
import sqlite3
import tarfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.cli.main import main
from newsletter.errors import AttentionError, NewsletterError, ServiceError, UsageError
from newsletter.lasting.age_stream import ByPassphrase, Openers, ToKeys, unsealed
from newsletter.lasting.back_up import backup_chunks
from newsletter.lasting.backup_file import write_backup
from newsletter.lasting.backup_format import HEAD, SUMS, Part
from newsletter.lasting.passphrase_key import read_scrypt
from newsletter.lasting.read_backup import read_head
from newsletter.lasting.stage import MARKER, refuse_interrupted
from newsletter.lasting.tar_bytes import END, gzipped, member
from newsletter.lasting.unpack import Unpacking, unpack
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.table_shape import TableShape
from newsletter.stories.keys.identity import new_pair
from newsletter.wiring.backup_source import backup_source
from tests.conftest import NEWSLETTER_TOML
from tests.lasting.digests import PAIR, Digest

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def digest(tmp_path: Path) -> Digest:
    return Digest.made(tmp_path)


def unchanged(digest: Digest, act: Callable[[], object], match: str) -> NewsletterError:
    """What is raised, once nothing was found changed."""
    before = digest.tree()
    with pytest.raises(NewsletterError, match=match) as raised:
        act()
    assert digest.tree() == before
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("kept", [0, 10, 150, 1000, -1])
def test_a_cut_file(digest: Digest, kept: int) -> None:
    file = digest.back_up()
    file.write_bytes(file.read_bytes()[:kept])
    unchanged(digest, lambda: digest.restore(file), "cut or changed|not a backup")


@pytest.mark.parametrize("at", [5, 200, 700, -50])
def test_a_changed_file(digest: Digest, at: int) -> None:
    file = digest.back_up()
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)
    unchanged(digest, lambda: digest.restore(file), "cut or changed|not a backup|does not open")


def test_a_file_that_is_something_else(digest: Digest, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(os.urandom(3000))
    unchanged(digest, lambda: digest.restore(tmp_path / "photo.jpg"), "this is not a backup")


def read(file: Path, openers: Openers) -> bytes:
    with unsealed(file, openers) as stream:
        return stream.read()


def test_a_wrong_key(digest: Digest) -> None:
    file = digest.back_up()
    other = Openers(private_key=lambda: new_pair().secret, passphrase=lambda: "")
    with pytest.raises(AttentionError, match="does not open the backup"):
        read(file, other)


def test_a_wrong_passphrase_and_the_right_one(tmp_path: Path) -> None:
    file, lock = tmp_path / "b", ByPassphrase(passphrase="walnut ferry cobalt lantern drizzle")
    write_backup(file, [b"some", b"thing"], lock, now=NOW)
    wrong, right = (
        Openers(private_key=lambda: "", passphrase=lambda words=words: words)  # type: ignore[misc]
        for words in ("walnut", lock.passphrase)
    )
    with pytest.raises(AttentionError, match="passphrase does not open the backup") as refused:
        read(file, wrong)
    assert "nobody opens this backup" in refused.value.hint
    assert read(file, right) == b"something"
    assert b"some" not in file.read_bytes()


def sealed(file: Path, **members: bytes) -> Path:
    """A backup made by hand, of these members."""
    names = {"head": HEAD, "sums": SUMS}
    parts = [
        part for n, data in members.items() for part in member(names.get(n, n), data, made_at=NOW)
    ]
    write_backup(file, gzipped([*parts, END]), ToKeys(keys=[PAIR.public]), now=NOW, replace=True)
    return file


def head(**changes: object) -> bytes:
    said = {
        "program": "9.0", "schema": "0001", "made_at": NOW.isoformat(), "database": "sqlite",
        "tables": [], "last_numbers": {}, "has_secret_key": False, "version": 1,
    }  # fmt: skip
    return json.dumps(said | changes).encode()


@pytest.mark.parametrize("newer", [{"schema": "9999"}, {"version": 2}])
def test_a_newer_program_made_it(digest: Digest, newer: dict[str, object]) -> None:
    file = sealed(digest.root.with_name("b"), head=head(**newer))
    error = unchanged(digest, lambda: digest.restore(file), r"newer version .*\(9\.0\)")
    assert "upgrade the program" in error.hint


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"head": b"no"},
        {"head": head()},
        {"head": head(), "files/newsletter.toml": b"x"},
        {"head": head(), "files/../../etc/passwd": b"x"},
        {"head": head(), "files/newsletter.db": b"x"},
        {"head": head(), "files/blocks": b"a folder already"},
        {"head": head(last_numbers={"subscribers": "x"})},
        {"head": head(), "sums": b'{"tables": {}, "files": 0}'},
        {
            "head": head(
                tables=[{"name": "sends", "columns": {"id": "whole"}, "rows": 1}], schema="0008"
            ),
            "files/newsletter.toml": NEWSLETTER_TOML.encode(),
            "rows/sends/000001.jsonl": b"[1]\n",
        },
    ],
)
def test_what_does_not_hold_what_it_says(digest: Digest, members: dict[str, bytes]) -> None:
    file = sealed(digest.root.with_name("b"), **members)
    unchanged(digest, lambda: digest.restore(file), ".")


def test_what_leads_out_of_the_workspace(digest: Digest) -> None:
    file = digest.root.with_name("b")
    with digest.opened() as workspace:
        source = backup_source(
            workspace, with_secret_key=False, begun=lambda head: lambda rows: None
        )
        after = [*source.after(), Part(name="sent/../../../out.json", data=b"{}")]
        chunks = backup_chunks(replace(source, after=lambda: after))
        write_backup(file, chunks, ToKeys(keys=[PAIR.public]), now=NOW)
    unchanged(digest, lambda: digest.restore(file), "damaged")
    assert not digest.root.with_name("out").exists()


@pytest.mark.parametrize("n", ["3", "0", "1.5", '"65536"'])
def test_a_cost_that_is_none(n: str) -> None:
    with pytest.raises(ServiceError, match="how it is locked"):
        read_scrypt(b'{"scrypt": {"salt": "AAAA", "n": %s, "r": 8, "p": 6}}' % n.encode())


@pytest.mark.parametrize(
    "cost",
    [
        {"n": 1 << 16, "r": 8, "p": 25},
        {"n": 1 << 22, "r": 8, "p": 1},
        {"n": 1 << 16, "r": 8, "p": 10**30},
        {"n": 2, "r": 10**30, "p": 1},
    ],
)
def test_a_cost_that_takes_minutes(tmp_path: Path, cost: dict[str, int]) -> None:
    """It is refused before the passphrase is asked for."""
    how = json.dumps({"scrypt": {"salt": "AAAA", **cost}}).encode()
    parts = [
        *member("how.json", how, made_at=NOW),
        *member("backup.age", b"x", made_at=NOW),
        END,
    ]
    (tmp_path / "b").write_bytes(b"".join(parts))

    def ask() -> str:
        raise AssertionError("asked")

    with pytest.raises(ServiceError, match="more work than any of ours"):
        read(tmp_path / "b", Openers(private_key=ask, passphrase=ask))


@pytest.mark.parametrize("how", [b"[" * 60_000, b"[3]", b'{"scrypt": 3}', b"\xff"])
def test_what_says_nothing_of_its_lock(tmp_path: Path, how: bytes) -> None:
    parts = [*member("how.json", how, made_at=NOW), *member("backup.age", b"x", made_at=NOW), END]
    (tmp_path / "b").write_bytes(b"".join(parts))
    with pytest.raises(ServiceError, match=r"how it is locked|cut or changed"):
        read(tmp_path / "b", Openers(private_key=str, passphrase=str))


def test_an_age_file_under_a_passphrase_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"age-encryption.org/v1\n-> scrypt AAAA 22\nx\n--- x\n")

    def ask() -> str:
        raise AssertionError("asked")

    with pytest.raises(ServiceError, match="in age's own way"):
        read(tmp_path / "b", Openers(private_key=ask, passphrase=ask))


def test_a_lock_that_is_a_link_to_itself(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b", "w") as tar:
        for name in ("how.json", "backup.age"):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, name
            tar.addfile(info)
    with pytest.raises(ServiceError, match="cut or changed"):
        read(tmp_path / "b", Openers(private_key=str, passphrase=str))


def test_what_takes_all_memory(tmp_path: Path) -> None:
    parts = [*member(HEAD, head(), made_at=NOW), *member("state/x", bytes(1 << 27), made_at=NOW)]
    stream = io.BytesIO(b"".join(gzipped([*parts, END])))
    nothing = Unpacking(stage=tmp_path, schema="0001", open_target=lambda head, settings: take)
    with pytest.raises(ServiceError, match="damaged"):
        unpack(stream, nothing)
    assert stream.tell() < len(stream.getbuffer()) / 2, "it is not read at all"


def take(table: TableShape, rows: list[list[object]]) -> None:
    """Take nothing."""


def test_nobody_reads_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "b"
    write_backup(file, [os.urandom(1 << 20)], ToKeys(keys=[PAIR.public]), now=NOW)
    openers = Openers(private_key=lambda: PAIR.secret, passphrase=lambda: "")
    with suppress(AttentionError), unsealed(file, openers) as stream:
        stream.read(1)
        raise AttentionError("somebody said no")
    for thread in threading.enumerate():
        if thread.name == "unseal":
            thread.join()
    assert capfd.readouterr().err == ""


SINCE_0007 = (
    "day_shares",
    "secret_key_marks",
    "host_claims",
    "job_runs",
    "reminders",
    "schedules",
    "workers",
)


def test_an_older_programs_backup_is_upgraded(digest: Digest) -> None:
    openers = Openers(private_key=lambda: PAIR.secret, passphrase=lambda: "")
    data = read(digest.back_up(), openers)
    members = {}
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        for info in tar:
            opened = tar.extractfile(info)
            assert opened is not None
            members[info.name] = opened.read()
    said, sums = json.loads(members[HEAD]), json.loads(members[SUMS])
    said["tables"] = [table for table in said["tables"] if table["name"] not in SINCE_0007]
    for table in said["tables"]:
        for column in ("corrects", "reason", "given_up_at"):
            table["columns"].pop(column, None)
    for name in SINCE_0007:
        sums["tables"].pop(name)
        members = {k: v for k, v in members.items() if not k.startswith(f"rows/{name}/")}
    members[HEAD] = json.dumps(said | {"schema": "0007", "program": "0.2"}).encode()
    members[SUMS] = json.dumps(sums).encode()
    older = sealed(digest.root.with_name("older"), **members)
    new = digest.elsewhere("new")
    new.restore(older)
    assert new.addresses() == {"ana", "bo", "cy"}
    with new.opened() as workspace:
        assert workspace.ledger.sends() == ()
    assert read_head(head(), schema="0008").schema == "0001"


def test_while_another_program_has_the_database_open(digest: Digest) -> None:
    file = digest.back_up()
    open_elsewhere = sqlite3.connect(digest.root / "newsletter.db")
    open_elsewhere.execute("SELECT count(*) FROM subscribers").fetchall()
    try:
        with pytest.raises(AttentionError, match="in use"):
            digest.restore(file)
        assert digest.addresses() == {"ana", "bo", "cy"}
        refuse_interrupted(digest.root)
    finally:
        open_elsewhere.close()
    digest.restore(file)


def test_a_damaged_database_is_replaced_when_somebody_gives_it_up(digest: Digest) -> None:
    file = digest.back_up()
    with digest.opened() as workspace:
        bo, now = "bo@example.org", datetime.now(UTC)
        workspace.subscribers.suppress(bo, SuppressionReason.LEFT, now)
    for left in digest.root.glob("newsletter.db-*"):
        left.unlink()
    (digest.root / "newsletter.db").write_bytes(b"no database at all" * 400)
    error = unchanged(digest, lambda: digest.restore(file), "cannot be read")
    assert "--without-old-database" in error.hint
    restored = digest.restore(file, give_up=True)
    assert any("is lost" in words for words in restored.notes)
    assert digest.addresses() == {"ana", "cy"}, "who left stands in the state folder too"


def test_no_command_works_between_two_workspaces(
    digest: Digest, capsys: pytest.CaptureFixture[str]
) -> None:
    (digest.root / MARKER).parent.mkdir()
    (digest.root / MARKER).write_text("{}")
    with pytest.raises(SystemExit) as ended:
        main(["-w", str(digest.root), "subscribers", "list"])
    assert ended.value.code == 1
    assert "interrupted" in (said := capsys.readouterr().err)
    assert "run it again" in said


def test_a_backup_is_never_written_over_another_file(digest: Digest, tmp_path: Path) -> None:
    there = tmp_path / "b"
    there.write_text("mine")
    with pytest.raises(UsageError, match="already a file"):
        write_backup(there, [b"x"], ToKeys(keys=[PAIR.public]), now=NOW)
    assert there.read_text() == "mine"


def test_what_fails_half_way_leaves_the_older_backup(digest: Digest, tmp_path: Path) -> None:
    def breaks() -> object:
        yield b"x" * 100_000
        raise ServiceError("the database went away")

    there = tmp_path / "b"
    there.write_text("older")
    with pytest.raises(ServiceError, match="went away"):
        write_backup(there, breaks(), ToKeys(keys=[PAIR.public]), now=NOW, replace=True)  # type: ignore[arg-type]
    assert there.read_text() == "older"
    assert not list(tmp_path.glob(".b*"))


def test_a_backup_is_its_owners_from_the_first_byte(digest: Digest, tmp_path: Path) -> None:
    seen: list[int] = []

    def watched() -> object:
        for _ in range(20):
            seen.extend(path.stat().st_mode & 0o777 for path in tmp_path.glob(".b*"))
            yield os.urandom(200_000)

    old = os.umask(0)
    try:
        write_backup(tmp_path / "b", watched(), ToKeys(keys=[PAIR.public]), now=NOW)  # type: ignore[arg-type]
    finally:
        os.umask(old)
    assert seen
    assert set(seen) == {0o600}
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
