"""Passphrases without their second of work, for tests that are about something else."""

import hashlib

import pyrage


def seal_quickly() -> None:
    """Seal what a passphrase protects with a key of this process, in no time.

    A passphrase is a second's work each time, by design; test_vault takes it.
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

    pyrage.passphrase.encrypt, pyrage.passphrase.decrypt = encrypt, decrypt
