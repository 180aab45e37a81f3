"""[I/O] The files of a workspace, read and replaced whole: after a crash the old or the new."""

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from newsletter.errors import AttentionError, ConfigError, ServiceError
from newsletter.system import BINARY, keep_mode, locked_directory, locked_file

_ELSEWHERE = (
    "copy it from the machine that has it, from Git or a backup; newsletter init makes a new "
    "workspace in another folder"
)


class WorkspaceFiles:
    """Files below one workspace, by relative name (`feeds.yaml`, `issues/2026-W47/en.md`).

    Every method raises ServiceError when the disk or its permissions say no.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def exists(self, name: str) -> bool:
        """Return whether the file is there."""
        try:
            return (self.root / name).is_file()
        except OSError as error:
            raise ServiceError(f"cannot read: {error.strerror}", file=name) from error

    def names(self, folder: str, pattern: str) -> list[str]:
        """Return the files of a folder that match, sorted, relative to the workspace."""
        return sorted(
            path.relative_to(self.root).as_posix()
            for path in (self.root / folder).glob(pattern)
            if path.is_file()
        )

    def read(self, name: str) -> str:
        """Return the text. ConfigError when it is missing or not UTF-8."""
        try:
            return self.read_bytes(name, hint=_ELSEWHERE).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError(
                f"not UTF-8 text (byte {error.start})", file=name, hint="save it as UTF-8"
            ) from error

    def read_bytes(self, name: str, *, hint: str = "") -> bytes:
        """Return the bytes. ConfigError when there is no file."""
        path = self.root / name
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise ConfigError("not a file", file=name, hint="move it away")
            return path.read_bytes()
        except FileNotFoundError as error:
            raise ConfigError("no such file", file=name, hint=hint) from error
        except OSError as error:
            raise ServiceError(f"cannot read: {error.strerror}", file=name) from error

    def write(
        self, name: str, text: str, *, expected: str | None = None, sync: bool = True
    ) -> None:
        """Replace the file whole. `expected` is the text it was read as: AttentionError when
        somebody changed it since, so that two editors never overwrite each other. What is made
        again at will need not `sync`."""
        self.write_bytes(name, text.encode(), expected=expected, sync=sync)

    def write_bytes(
        self, name: str, data: bytes, *, expected: str | None = None, sync: bool = True
    ) -> None:
        """Replace the file whole, as `write` does."""
        if expected is not None and self.read(name) != expected:
            raise AttentionError(
                "someone changed this file meanwhile; nothing was written",
                file=name,
                hint="run the command again",
            )
        try:
            replace_file(self.root / name, data, sync=sync)
        except OSError as error:
            raise ServiceError(f"cannot write: {error.strerror}", file=name) from error

    def locked(self, name: str) -> AbstractContextManager[None]:
        """Hold the file's folder, made when missing, against other commands; waits for them.

        Text editors do not lock: `expected` of `write` sees what they did.
        """
        return locked_folder((self.root / name).parent, refusal="cannot lock", file=name)

    def remove(self, name: str) -> bool:
        """Remove the file. Return whether it was there."""
        try:
            (self.root / name).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ServiceError(f"cannot remove: {error.strerror}", file=name) from error
        return True


def replace_file(path: Path, data: bytes, *, mode: int = 0o666, sync: bool = True) -> None:
    """Write a file beside, sync it, rename it; its folder is made when missing. OSError.

    A file that was there keeps its permissions, a new one gets `mode` less the umask.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with replacing(path, beside, mode=mode, sync=sync) as out:
        keep_mode(out.fileno(), path)
        out.write(data)


@contextmanager
def replacing(path: Path, beside: Path, *, mode: int, sync: bool = True) -> Iterator[BinaryIO]:
    """Yield a new file `beside`, which takes the place of the other when the block ends, and is
    removed when it raises. OSError."""
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, mode)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            if sync:
                os.fsync(out.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def create_file(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, and never over another. OSError, FileExistsError.

    Not beside and renamed: that would replace, and where there are no hard links nothing else is
    whole from the first moment. What could not be written whole is removed.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def append_line(path: Path, line: str) -> None:
    """Append a line to a file that only its owner reads, and have it on the disk. OSError.

    Appends of several processes do not mix. What a power cut left of a line is not continued, and
    of a line that does not fit on the disk nothing is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked_file(path, make=True):
        _append(path, line)


def _append(path: Path, line: str) -> None:
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | BINARY, 0o600)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        os.lseek(handle, max(size - 1, 0), os.SEEK_SET)
        is_torn = size > 0 and os.read(handle, 1) != b"\n"
        data = b"\n" * is_torn + f"{line}\n".encode()
        try:
            while data:
                data = data[os.write(handle, data) :]
            os.fsync(handle)
        except OSError:
            with suppress(OSError):
                os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)


def rewrite_lines(path: Path, change: Callable[[str], str]) -> None:
    """Change each line of a file that is otherwise only appended to. OSError.

    Killed half-way the old file is there, whole; what others append meanwhile waits, and is added
    to the new one.
    """
    with suppress(FileNotFoundError), locked_file(path, make=False):
        lines = path.read_bytes().decode(errors="surrogateescape").split("\n")
        changed = "\n".join(map(change, lines)).encode(errors="surrogateescape")
        replace_file(path, changed, mode=0o600)


@contextmanager
def locked_folder(folder: Path, *, refusal: str, file: str) -> Iterator[None]:
    """Hold a folder, made when missing, against others who lock it; waits for them.

    ServiceError about `file`, beginning with `refusal`, when it cannot be opened.
    """
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked_directory(folder))
        except OSError as error:
            raise ServiceError(f"{refusal}: {error.strerror}", file=file) from error
        yield
