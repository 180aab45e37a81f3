"""Sealing: several keys, size buckets, and Debian's age opens and writes the same files."""

import json
import os
import pty
import select
import shutil
import subprocess
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, ConfigError
from newsletter.stories.keys import recipients
from newsletter.stories.keys.identity import new_pair, public_of, save, unlock
from newsletter.stories.keys.recipients import Recipient
from newsletter.stories.keys.vault import BUCKETS, reseal, seal, unseal
from tests.processes import PATIENCE, started
from tests.stories.conftest import PASSPHRASE, PrivateKey

age = pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed")


def test_every_key_opens_it_and_no_other() -> None:
    pairs = [new_pair() for _ in range(3)]
    sealed = seal({"name": "Canary"}, [pair.public for pair in pairs])
    assert all(unseal(sealed, pair.secret) == {"name": "Canary"} for pair in pairs)
    with pytest.raises(AttentionError, match="does not open"):
        unseal(sealed, new_pair().secret)


def test_fewer_than_two_keys_are_refused() -> None:
    pair = new_pair()
    for keys in ([], [pair.public], [pair.public, pair.public]):
        with pytest.raises(ConfigError, match="at least two keys"):
            seal({}, keys)


def test_a_tampered_vault_does_not_open() -> None:
    one, two = new_pair(), new_pair()
    sealed = seal({"a": 1}, [one.public, two.public])
    for at in (len(sealed) // 2, len(sealed) - 1):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(AttentionError):
            unseal(changed, one.secret)


def test_sizes_say_nothing_but_the_bucket() -> None:
    keys = [new_pair().public, new_pair().public]
    sizes = {len(seal({"text": "x" * length}, keys)) // 1024 for length in (1, 300, 2000, 4000)}
    assert len(sizes) == 1
    assert len(seal({"text": "x" * 5000}, keys)) > BUCKETS[1]
    with pytest.raises(ValueError, match="bytes to seal"):
        seal({"text": "x" * BUCKETS[-1]}, keys)


def test_resealing_shuts_out_a_removed_key() -> None:
    one, two, three = new_pair(), new_pair(), new_pair()
    sealed = seal({"a": 1}, [one.public, two.public])
    anew = reseal(sealed, one.secret, [one.public, three.public])
    assert unseal(anew, three.secret) == {"a": 1}
    with pytest.raises(AttentionError):
        unseal(anew, two.secret)


@pytest.mark.usefixtures("processes")
@age
def test_debians_age_opens_what_we_sealed(tmp_path: Path) -> None:
    one, two = new_pair(), new_pair()
    (tmp_path / "key.txt").write_text(one.secret + "\n")
    (tmp_path / "vault.age").write_bytes(seal({"name": "Ñandú"}, [one.public, two.public]))
    done = subprocess.run(
        ["age", "-d", "-i", str(tmp_path / "key.txt"), str(tmp_path / "vault.age")],
        check=True,
        capture_output=True,
    )
    assert json.loads(done.stdout) == {"name": "Ñandú"}


@pytest.mark.usefixtures("processes")
@age
def test_we_open_what_debians_age_sealed_with_our_list_of_keys(tmp_path: Path) -> None:
    one, two = new_pair(), new_pair()
    known = (Recipient(key=one.public, name="Ana"), Recipient(key=two.public, name="Bo"))
    (tmp_path / "recipients.txt").write_text(recipients.as_text(known))
    done = subprocess.run(
        ["age", "-R", str(tmp_path / "recipients.txt")],
        check=True,
        capture_output=True,
        input=b'{"name": "Canary"}',
    )
    assert unseal(done.stdout, two.secret) == {"name": "Canary"}


@pytest.mark.usefixtures("processes")
@age
def test_debians_age_opens_a_vault_with_our_locked_key_file(
    tmp_path: Path, private_key: PrivateKey
) -> None:
    one, two = private_key.pair, new_pair()
    (tmp_path / "vault.age").write_bytes(seal({"name": "Canary"}, [one.public, two.public]))
    out = tmp_path / "opened.json"
    opening = ["age", "-d", "-i", str(private_key.path), "-o", str(out)]
    ours, theirs = pty.openpty()  # age reads a passphrase from a terminal only
    try:
        # setsid makes the terminal that it is given the one that age opens as /dev/tty.
        with started(
            ["setsid", "--ctty", "--wait", *opening, str(tmp_path / "vault.age")],
            stdin=theirs, stdout=theirs, stderr=theirs,
        ) as opener:  # fmt: skip
            said = b""
            while b"passphrase" not in said.lower():
                assert select.select([ours], [], [], PATIENCE)[0], said
                said += os.read(ours, 1024)
            os.write(ours, PASSPHRASE.encode() + b"\n")
            assert opener.wait(PATIENCE) == 0
    finally:
        os.close(ours)
        os.close(theirs)
    assert json.loads(out.read_text()) == {"name": "Canary"}


def test_a_private_key_is_locked_and_never_overwritten(
    tmp_path: Path, private_key: PrivateKey
) -> None:
    path, pair = private_key.path, private_key.pair
    with pytest.raises(AttentionError, match="at least 12"):
        save(tmp_path / "new.age", pair.secret, "short")
    with pytest.raises(AttentionError, match="could be guessed"):
        save(tmp_path / "new.age", pair.secret, "aaaaaaaaaaaaaaaa")
    assert path.stat().st_mode & 0o777 == 0o600
    assert pair.secret.encode() not in path.read_bytes()
    assert unlock(path, PASSPHRASE) == pair.secret
    assert public_of(pair.secret) == pair.public
    with pytest.raises(AttentionError, match="does not open"):
        unlock(path, "another passphrase")
    with pytest.raises(AttentionError, match="was not changed"):
        save(path, new_pair().secret, PASSPHRASE)
    with pytest.raises(ConfigError, match="no key here"):
        unlock(tmp_path / "none.age", PASSPHRASE)
    assert pair.secret not in repr(pair)


def test_the_list_of_keys_is_read_as_it_was_written_and_never_takes_a_private_one() -> None:
    pair = new_pair()
    known = (
        Recipient(key=pair.public, name="Ana"),
        Recipient(key=new_pair().public, name="safe", is_recovery=True),
    )
    assert recipients.parse(recipients.as_text(known)) == known
    for text, message in (
        (pair.secret, "PRIVATE"),
        ("age1nonsense", "not a public key"),
        (f"{pair.public}\n{pair.public}", "twice"),
    ):
        with pytest.raises(ConfigError, match=message) as caught:
            recipients.parse(text)
        assert caught.value.line
        assert pair.secret not in str(caught.value)
