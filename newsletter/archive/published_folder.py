"""[I/O] The archive's folder: what is new is written, what is no longer published is removed."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from newsletter.errors import ServiceError
from newsletter.files import locked_folder, replace_file

_LIST = ".newsletter-archive"
_REFUSAL = "cannot write the archive"


class PublishedFolder:
    """Files below one folder. Those that somebody else put there (CNAME, …) are never touched."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def alone(self) -> AbstractContextManager[None]:
        """Hold the folder against others who write it; waits for them. ServiceError."""
        return locked_folder(self.root, refusal=_REFUSAL, file=str(self.root))

    def replace(self, files: Mapping[str, str | bytes]) -> tuple[int, int]:
        """Write what differs, then remove what an earlier archive wrote and this one lacks.

        Return how many were written and removed. A reader gets the old file or the new one, never
        a part. ServiceError when the folder cannot be written.
        """
        try:
            written = sum(self._write(name, data) for name, data in sorted(files.items()))
            removed = sum(self._remove(name) for name in self._listed() - set(files))
            self._write(_LIST, "".join(f"{name}\n" for name in sorted(files)))
        except OSError as error:
            raise ServiceError(f"{_REFUSAL}: {error.strerror}", file=str(self.root)) from error
        return written, removed

    def _listed(self) -> set[str]:
        path = self.root / _LIST
        return set(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else set()

    def _write(self, name: str, data: str | bytes) -> bool:
        path = self.root / name
        content = data.encode() if isinstance(data, str) else data
        if path.is_file() and path.read_bytes() == content:
            return False
        replace_file(path, content, sync=False)  # what a crash loses is made again
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
