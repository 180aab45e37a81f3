"""[I/O] The files of a workspace, read and replaced whole: after a crash the old or the new."""

import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.errors import AttentionError, ConfigError, ServiceError


class WorkspaceFiles:
    """Files below one workspace, by relative name (`feeds.yaml`, `issues/2026-W47/en.md`)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def exists(self, name: str) -> bool:
        """Whether the file is there. ServiceError where nobody may look."""
        try:
            return (self.root / name).is_file()
        except OSError as error:
            raise ServiceError(f"cannot read: {error.strerror}", file=name) from error

    def names(self, folder: str, pattern: str) -> list[str]:
        """The files of a folder that match, sorted, relative to the workspace."""
        return sorted(
            str(path.relative_to(self.root))
            for path in (self.root / folder).glob(pattern)
            if path.is_file()
        )

    def read(self, name: str) -> str:
        """The text. ConfigError when it is missing or not UTF-8."""
        try:
            return self.read_bytes(name, hint="run newsletter init").decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError(
                f"not UTF-8 text (byte {error.start})", file=name, hint="save it as UTF-8"
            ) from error

    def read_bytes(self, name: str, *, hint: str = "") -> bytes:
        """The bytes. ConfigError when there is no file, ServiceError when it cannot be read."""
        path = self.root / name
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                raise ConfigError("not a file", file=name, hint="move it away")
            return path.read_bytes()
        except FileNotFoundError as error:
            raise ConfigError("no such file", file=name, hint=hint) from error
        except OSError as error:
            raise ServiceError(f"cannot read: {error.strerror}", file=name) from error

    def write(self, name: str, text: str, *, expected: str | None = None) -> None:
        """Replace the file whole. `expected` is the text it was read as: AttentionError when
        somebody changed it since, so that two editors never overwrite each other."""
        self.write_bytes(name, text.encode(), expected=expected)

    def write_bytes(self, name: str, data: bytes, *, expected: str | None = None) -> None:
        """As `write`, for bytes: written beside, synced, renamed. A file that was there keeps its
        permissions, a new one gets those that the editor's umask says."""
        path = self.root / name
        if expected is not None and self.read(name) != expected:
            raise AttentionError(
                "somebody changed this file meanwhile; nothing was written",
                file=name,
                hint="run the command again",
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                with os.fdopen(handle, "wb") as out:
                    with suppress(FileNotFoundError):
                        os.fchmod(handle, stat.S_IMODE(path.stat().st_mode))
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
                beside.replace(path)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise ServiceError(f"cannot write: {error.strerror}", file=name) from error

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Hold the file's folder against other commands that lock it; waits for them.

        Text editors do not lock: `expected` of `write` sees what they did.
        """
        try:
            handle = os.open((self.root / name).parent, os.O_RDONLY)
        except OSError as error:
            raise ServiceError(f"cannot lock: {error.strerror}", file=name) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def remove(self, name: str) -> bool:
        """Remove the file; whether it was there."""
        try:
            (self.root / name).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise ServiceError(f"cannot remove: {error.strerror}", file=name) from error
        return True

    def sha256(self, name: str) -> str:
        """The file's digest, hexadecimal."""
        return hashlib.sha256(self.read_bytes(name)).hexdigest()
