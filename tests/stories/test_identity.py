"""A private key under a passphrase, on a machine that is busy with something else."""

import re
from pathlib import Path

import pyrage
import pytest

from newsletter.errors import AttentionError, ConfigError
from newsletter.stories.keys.identity import save, unlock
from tests.stories.conftest import PASSPHRASE, PrivateKey

WORK = re.compile(rb"(?<=-> scrypt .{22} )\d+")


def with_work(wrapped: bytes, work: int) -> bytes:
    return WORK.sub(str(work).encode(), wrapped, count=1)


@pytest.fixture
def wrapped(private_key: PrivateKey) -> bytes:
    return private_key.path.read_bytes()


def test_a_key_that_a_disturbed_measurement_made_weak_is_sealed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapped: bytes
) -> None:
    works = iter([11, 18, 12])
    monkeypatch.setattr(
        pyrage.passphrase, "encrypt", lambda *_: with_work(wrapped, next(works)), raising=True
    )
    save(tmp_path / "key", "AGE-SECRET-KEY-1", PASSPHRASE)
    assert WORK.search((tmp_path / "key").read_bytes())[0] == b"18"  # type: ignore[index]


def test_a_slow_machine_gets_the_strongest_key_it_can_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapped: bytes
) -> None:
    works = iter([11, 13, 12])
    monkeypatch.setattr(pyrage.passphrase, "encrypt", lambda *_: with_work(wrapped, next(works)))
    save(tmp_path / "key", "AGE-SECRET-KEY-1", PASSPHRASE)
    assert WORK.search((tmp_path / "key").read_bytes())[0] == b"13"  # type: ignore[index]


def test_a_key_refused_by_a_disturbed_measurement_is_opened_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapped: bytes, private_key: PrivateKey
) -> None:
    too_much = with_work(wrapped, 60)  # what age says of it, in its own words
    decrypt, given = pyrage.passphrase.decrypt, iter([too_much, too_much])
    monkeypatch.setattr(
        pyrage.passphrase,
        "decrypt",
        lambda data, passphrase: decrypt(next(given, data), passphrase),
    )
    (tmp_path / "key").write_bytes(wrapped)
    assert unlock(tmp_path / "key", PASSPHRASE) == private_key.pair.secret


def test_a_key_that_is_too_much_work_is_no_wrong_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrapped: bytes
) -> None:
    decrypt, too_much = pyrage.passphrase.decrypt, with_work(wrapped, 60)
    monkeypatch.setattr(pyrage.passphrase, "decrypt", lambda _, words: decrypt(too_much, words))
    (tmp_path / "key").write_bytes(wrapped)
    with pytest.raises(AttentionError, match="too busy to open") as refused:
        unlock(tmp_path / "key", PASSPHRASE)
    assert "try again" in refused.value.hint


def test_a_key_that_asks_for_more_work_than_age_takes(tmp_path: Path, wrapped: bytes) -> None:
    (tmp_path / "key").write_bytes(with_work(wrapped, 23))
    with pytest.raises(AttentionError, match=r"2\^23 rounds of scrypt, and age takes 2\^22"):
        unlock(tmp_path / "key", PASSPHRASE)


@pytest.mark.parametrize("held", [b"a shopping list", b"AGE-SECRET-KEY-1", b""])
def test_a_file_that_is_no_key_is_no_wrong_passphrase(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "identity.age").write_bytes(held)
    with pytest.raises(ConfigError, match="no private key under a passphrase"):
        unlock(tmp_path / "identity.age", PASSPHRASE)
