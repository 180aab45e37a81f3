"""A stream sealed by age and opened again, a few bytes at a time in memory. [I/O]

To the editors' keys a backup is an age file, which `age -d` opens too. Under a passphrase it is a
tar of two: how the passphrase becomes a key, and an age file to that key.
"""

import os
import secrets
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

from newsletter.errors import AttentionError, ServiceError
from newsletter.lasting.passphrase_key import Scrypt, read_scrypt
from newsletter.lasting.tar_bytes import END, Member, member, padding
from newsletter.stories.keys.identity import public_of

_MAGIC = b"age-encryption.org/v1"
_BY_AGE = b"\n-> scrypt "
_HOW, _SEALED = "how.json", "backup.age"
_READ = 1 << 16


@dataclass(frozen=True, kw_only=True, slots=True)
class ToKeys:
    """Sealed to each of these public keys (`age1…`)."""

    keys: Sequence[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ByPassphrase:
    """Sealed by a passphrase."""

    passphrase: str = field(repr=False)


Lock = ToKeys | ByPassphrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Openers:
    """What opens a backup, asked for when it turns out which it is."""

    private_key: Callable[[], str]
    passphrase: Callable[[], str]


class _Source:
    """The chunks as age reads them. What was raised by them is kept, for age says it in its own
    words only."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")
        self.raised: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._chunks))
        except StopIteration:
            return b""
        except BaseException as error:
            self.raised = error
            raise
        data, self._rest = self._rest[:size], self._rest[size:]
        return bytes(data)


class _Sink:
    """The file as age writes it, likewise."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.raised: BaseException | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except BaseException as error:
            self.raised = error
            raise

    def flush(self) -> None:
        self._file.flush()


def seal_into(file: BinaryIO, chunks: Iterable[bytes], lock: Lock, *, now: datetime) -> None:
    """Write the chunks into the file, sealed. What they raise is raised, and OSError."""
    if isinstance(lock, ToKeys):
        _seal(file, chunks, lock.keys)
        return
    scrypt = Scrypt(salt=secrets.token_bytes(16))
    for part in member(_HOW, scrypt.written(), made_at=now):
        file.write(part)
    place = file.tell()
    file.write(Member(name=_SEALED, size=0, made_at=now).header())
    begin = file.tell()
    _seal(file, chunks, [public_of(scrypt.private_key(lock.passphrase))])
    size = file.tell() - begin
    file.write(padding(size) + END)
    file.seek(place)
    file.write(Member(name=_SEALED, size=size, made_at=now).header())


def _seal(file: BinaryIO, chunks: Iterable[bytes], keys: Sequence[str]) -> None:
    source, sink = _Source(chunks), _Sink(file)
    recipients = [pyrage.x25519.Recipient.from_str(key) for key in dict.fromkeys(keys)]
    try:
        pyrage.encrypt_io(source, sink, recipients)
    except BaseException as error:
        raise (source.raised or sink.raised or error) from None


@contextmanager
def unsealed(path: Path, openers: Openers) -> Iterator[BinaryIO]:
    """Open a backup for reading, once, from its beginning.

    AttentionError when the key or passphrase does not open it; ServiceError, also while it is read
    and at the latest at its end, when it is no backup, was cut or changed.
    """
    try:
        with path.open("rb") as file:
            sealed, key, hint = _parts(path, file, openers)
            with _opened(path, sealed, key, hint) as stream:
                yield stream
    except FileNotFoundError as error:
        raise ServiceError("no such file", file=str(error.filename or path)) from error


def _parts(path: Path, file: BinaryIO, openers: Openers) -> tuple[Any, str, str]:
    """The sealed stream, the private key that opens it, and what to do if it does not."""
    begins = file.read(len(_MAGIC) + len(_BY_AGE))
    file.seek(0)
    if begins == _MAGIC + _BY_AGE:
        raise ServiceError(
            "this age file was locked by a passphrase in age's own way, as no backup is",
            file=str(path),
            hint="age -d opens it, if you know what it is",
        )
    if begins.startswith(_MAGIC):
        known = "it was sealed to the keys that newsletter keys list showed then"
        return file, openers.private_key(), known
    try:
        outer = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115  closed with the file
        members = [outer.getmember(name) for name in (_HOW, _SEALED)]
        if not all(one.isreg() for one in members):  # a link may lead to itself
            raise _cut(path)
        how, sealed = map(outer.extractfile, members)
        if how is None or sealed is None:
            raise _cut(path)
        scrypt = read_scrypt(how.read(_READ))
    except (tarfile.TarError, KeyError, OSError) as error:
        raise ServiceError(
            "this is not a backup, or it was cut or changed",
            file=str(path),
            hint="copy it once more from where it came from, or take another one",
        ) from error
    hint = "try again; without the passphrase nobody opens this backup"
    return sealed, scrypt.private_key(openers.passphrase()), hint


@contextmanager
def _opened(path: Path, sealed: Any, key: str, hint: str) -> Iterator[BinaryIO]:
    """age pushes what it opens; a pipe lets it be read."""
    out, into = os.pipe()
    failed: list[BaseException] = []

    def work() -> None:
        try:  # closing it fails too, where nobody reads any more
            with os.fdopen(into, "wb", buffering=_READ) as pipe:
                pyrage.decrypt_io(sealed, pipe, [pyrage.x25519.Identity.from_str(key)])
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="unseal", daemon=True)
    with os.fdopen(out, "rb", buffering=_READ) as stream:
        thread.start()
        try:
            yield stream
            while stream.read(_READ):  # only its end says that it is whole
                pass
        except (tarfile.TarError, EOFError, OSError, ServiceError) as error:
            _join(thread, stream)
            if failed:
                raise _told(path, failed[0], hint) from error
            raise
        _join(thread, stream)
    if failed:
        raise _told(path, failed[0], hint)


def _join(thread: threading.Thread, stream: BinaryIO) -> None:
    with suppress(OSError):
        stream.close()
    thread.join()


def _told(path: Path, error: BaseException, hint: str) -> Exception:
    if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
        return AttentionError(
            "this key or passphrase does not open the backup", file=str(path), hint=hint
        )
    return _cut(path)


def _cut(path: Path) -> ServiceError:
    return ServiceError(
        "the backup was cut or changed",
        file=str(path),
        hint="copy it once more from where it came from, or take another one",
    )
