"""Passphrases without their second of work, for tests that are about something else."""

import hashlib
from collections.abc import Callable
from typing import Any

import pyrage


def seal_quickly(patch: Callable[[Any, str, Any], object] = setattr) -> None:
    """Seal what a passphrase protects with a key of this process, in no time.

    A passphrase is a second's work each time, by design; the tests with a `private_key` take it.
    `patch` replaces the two functions of pyrage; pytest's `monkeypatch.setattr` for one test only.
    """
    key = pyrage.x25519.Identity.generate()

    def head(passphrase: str) -> bytes:
        """Say, as age does, that it was work enough; another passphrase does not open it."""
        mark = hashlib.sha256(passphrase.encode()).hexdigest()
        return f"age-encryption.org/v1\n-> scrypt {mark} 18\n".encode()

    def encrypt(data: bytes, passphrase: str) -> bytes:
        return head(passphrase) + bytes(pyrage.encrypt(data, [key.to_public()]))

    def decrypt(sealed: bytes, passphrase: str) -> bytes:
        return bytes(pyrage.decrypt(sealed.removeprefix(head(passphrase)), [key]))

    patch(pyrage.passphrase, "encrypt", encrypt)
    patch(pyrage.passphrase, "decrypt", decrypt)
