"""An editor's private key: made, wrapped by a passphrase, kept outside the workspace. [I/O]

The file is what `age -p` makes of an identity file, so Debian's `age -d -i FILE` takes it as well.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyrage

from newsletter.errors import AttentionError, ConfigError, ServiceError
from newsletter.files import replace_file
from newsletter.stories.keys.passphrase import check_passphrase

# age measures each time, for milliseconds, what this machine can do: it seals with a second's work,
# and refuses what would take sixteen times as long. Anything else that runs then disturbs it.
ENOUGH_WORK = 16  # a quarter of what a laptop does in a second
MOST_WORK = 22  # as age has it: half a minute of a laptop, and 4 GB
_WRAPPED = (b"age-encryption.org/v1\n", b"-----BEGIN AGE ENCRYPTED FILE-----")
_OTHER = "make one with newsletter keys init, or name its file with --identity"
SEALED = 3  # times that take a second
OPENED = 20  # times that take milliseconds when they are refused


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyPair:
    """A fresh pair. `secret` is never printed by accident."""

    public: str
    secret: str = field(repr=False)


def new_pair() -> KeyPair:
    """Make a new age identity and its public key."""
    identity = pyrage.x25519.Identity.generate()
    return KeyPair(public=str(identity.to_public()), secret=str(identity))


def public_of(secret: str) -> str:
    """Return the public key of a private one."""
    return str(pyrage.x25519.Identity.from_str(secret).to_public())


def save(path: Path, secret: str, passphrase: str, known: Iterable[str] = ()) -> None:
    """Write the wrapped key, readable by its owner only; never over another key.

    AttentionError for a passphrase that could be guessed by somebody who tries `known` first.
    """
    check_passphrase(passphrase, known)
    if path.exists():
        raise AttentionError(
            "there is already a key in this file; it was not changed",
            file=str(path),
            hint="choose another file with --identity",
        )
    wrapped = _wrap(f"{secret}\n".encode(), passphrase)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(path, wrapped, mode=0o600)  # no hard link: sticks have none
    except OSError as error:
        raise ServiceError(f"cannot write: {error.strerror}", file=str(path)) from error


def _wrap(secret: bytes, passphrase: str) -> bytes:
    """Sealed with a second's work, as age measures it: a busy moment must not make a weak key."""
    strongest = b""
    for _ in range(SEALED):
        wrapped = pyrage.passphrase.encrypt(secret, passphrase)
        strongest = max(strongest, wrapped, key=_work)
        if _work(strongest) >= ENOUGH_WORK:
            break
    return strongest


def _work(wrapped: bytes) -> int:
    """The binary logarithm of the rounds of scrypt, from age's header; 0 where there is none."""
    stanza = re.match(rb"age-encryption\.org/v1\n-> scrypt \S+ (\d{1,2})\n", wrapped)
    return int(stanza[1]) if stanza else 0


def load_or_create(path: Path, passphrase: str, known: Iterable[str] = ()) -> str:
    """Return the public half of the key in that file, which is made when there is none.

    AttentionError when there is one that this passphrase does not open, or as `save` says.
    """
    if path.exists():
        return public_of(unlock(path, passphrase))
    pair = new_pair()
    save(path, pair.secret, passphrase, known)
    return pair.public


def wrapped_key(path: Path) -> bytes:
    """Return the bytes of the wrapped file. ConfigError when there is none, or no key is in it."""
    try:
        wrapped = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(
            "there is no key here",
            file=str(path),
            hint=_OTHER,
        ) from error
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=str(path)) from error
    if not wrapped.startswith(_WRAPPED):
        raise ConfigError("this is no private key under a passphrase", file=str(path), hint=_OTHER)
    return wrapped


def unlock(path: Path, passphrase: str) -> str:
    """Return the private key of a wrapped file. AttentionError when the passphrase is wrong."""
    for line in _unwrap(path, passphrase).splitlines():
        if line.startswith("AGE-SECRET-KEY-"):
            return str(line.strip())
    raise AttentionError("there is no key in this file", file=str(path))


def _unwrap(path: Path, passphrase: str) -> str:
    wrapped = wrapped_key(path)
    if _work(wrapped) > MOST_WORK:
        raise AttentionError(
            f"opening this key asks for 2^{_work(wrapped)} rounds of scrypt, and age takes 2^"
            f"{MOST_WORK} at most",
            file=str(path),
            hint="it was changed, or another program made it: take a copy, or another key",
        )
    for _ in range(OPENED):
        try:
            opened: bytes = pyrage.passphrase.decrypt(wrapped, passphrase)
            return opened.decode(errors="replace")
        except pyrage.DecryptError as error:
            if not str(error).startswith("Excessive work"):
                raise AttentionError(
                    "the passphrase does not open this key",
                    file=str(path),
                    hint="try again; it cannot be reset, but every other key opens the stories too",
                ) from error
    raise AttentionError(
        "this machine is too busy to open the key",
        file=str(path),
        hint="close other programs and try again",
    )
