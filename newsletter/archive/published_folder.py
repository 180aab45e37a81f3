"""[I/O] The archive's folder: what is new is written, what is no longer published is removed."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from newsletter.archive.shown import Shown
from newsletter.errors import ServiceError
from newsletter.files import locked_folder, replace_file

_LIST = ".newsletter-archive"
_SHOWN = ".newsletter-shown"
_REFUSAL = "cannot write the archive"


class Replaced(NamedTuple):
    """The names of the files that were written, and of those that were removed."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


class PublishedFolder:
    """Files below one folder. Those that somebody else put there (CNAME, …) are never touched."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._shown: tuple[tuple[int, int, int], Shown] | None = None

    def alone(self) -> AbstractContextManager[None]:
        """Hold the folder against others who write it; waits for them. ServiceError."""
        return locked_folder(self.root, refusal=_REFUSAL, file=str(self.root))

    def names(self) -> frozenset[str]:
        """Return the names of the files that the last archive wrote, as far as they are there."""
        return frozenset(name for name in self._listed() if (self.root / name).is_file())

    def stories(self) -> frozenset[str]:
        """Return the ids of the stories that have a page there."""
        parts = (name.split("/") for name in self.names())
        return frozenset(part[1] for part in parts if part[0] == "stories" and len(part) > 2)

    def replace(
        self,
        files: Mapping[str, str | bytes],
        shown: Shown,
        *,
        keep: frozenset[str] = frozenset(),
    ) -> Replaced:
        """Write what differs, then remove what an earlier archive wrote and this one lacks, also
        where somebody put it back; not what is in `keep`.

        A reader gets the old file or the new one, never a part. What the new files show of stories
        is on the disk before them, beside what the old ones show. ServiceError when the folder
        cannot be written.
        """
        old, listed = self.shown(), self._listed()
        keep -= files.keys()
        gone = ((old.gone if old else frozenset[str]()) | listed) - files.keys() - keep
        kept = {name: old.files[name] for name in keep if old and name in old.files}
        shown = replace(shown, files={**shown.files, **kept}, gone=gone)
        try:
            if old is not None:
                self._say(_while_written(old, shown))
            written = [name for name, data in sorted(files.items()) if self._write(name, data)]
            removed = [name for name in sorted(gone) if self._remove(name)]
            self._write(_LIST, "".join(f"{name}\n" for name in sorted({*files, *keep})))
            self._say(shown)
        except OSError as error:
            raise ServiceError(f"{_REFUSAL}: {error.strerror}", file=str(self.root)) from error
        return Replaced(written=tuple(written), removed=tuple(removed))

    def shown(self) -> Shown | None:
        """Return what the files show of stories; None where that is not known."""
        try:
            status = (self.root / _SHOWN).stat()
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            if self._shown is None or self._shown[0] != seen:
                text = (self.root / _SHOWN).read_text(encoding="utf-8")
                self._shown = (seen, Shown.from_json(text))
        except (OSError, ValueError):
            return None
        return self._shown[1]

    def _say(self, shown: Shown) -> None:
        replace_file(self.root / _SHOWN, shown.as_json().encode())

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


def _while_written(old: Shown, new: Shown) -> Shown:
    """What holds while some files are the old ones and some the new: all that either shows."""
    none = frozenset[str]()
    return Shown(
        files={
            name: old.files.get(name, none) | new.files.get(name, none)
            for name in old.files.keys() | new.files.keys()
        },
        withdrawn=old.withdrawn & new.withdrawn,
        gone=new.gone,
    )
