"""[I/O] The archive's folder: what is new is written, what is no longer published is removed."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from newsletter.errors import ServiceError

_LIST = ".newsletter-archive"


class PublishedFolder:
    """Files below one folder. Those that somebody else put there (CNAME, …) are never touched."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder against others who write it; waits for them."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.root, os.O_RDONLY)
        except OSError as error:
            raise ServiceError(
                f"cannot write the archive: {error.strerror}", file=str(self.root)
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def replace(self, files: Mapping[str, str | bytes]) -> tuple[int, int]:
        """Write what differs, then remove what an earlier archive wrote and this one lacks.

        Returns how many were written and removed. A file is written beside and renamed, so a
        reader gets the old one or the new one.
        """
        try:
            written = sum(self._write(name, data) for name, data in sorted(files.items()))
            removed = sum(self._remove(name) for name in self._listed() - set(files))
            self._write(_LIST, "".join(f"{name}\n" for name in sorted(files)))
        except OSError as error:
            raise ServiceError(
                f"cannot write the archive: {error.strerror}", file=str(self.root)
            ) from error
        return written, removed

    def _listed(self) -> set[str]:
        path = self.root / _LIST
        return set(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else set()

    def _write(self, name: str, data: str | bytes) -> bool:
        path = self.root / name
        content = data.encode() if isinstance(data, str) else data
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(content)
        beside.replace(path)
        return True

    def _remove(self, name: str) -> bool:
        path = self.root / name
        if not path.is_file() or not path.resolve().is_relative_to(self.root.resolve()):
            return False
        path.unlink()
        for folder in path.parents:
            if folder == self.root or any(folder.iterdir()):
                break
            folder.rmdir()
        return True
