"""The story files of a workspace, with what was taken back since already taken away. [I/O]"""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from newsletter.errors import ConfigError, NewsletterError
from newsletter.files import WorkspaceFiles
from newsletter.model.consent import Revocation
from newsletter.model.problem import Problem, Severity
from newsletter.model.story import Story
from newsletter.stories.record import document
from newsletter.stories.record.recognition import left_after
from newsletter.stories.record.tombstones import NAME, Tombstones

FOLDER = "stories"
_Seen = tuple[int, int, int]
_NO_FILE: _Seen = (0, 0, 0)
_Asked = tuple[tuple[tuple[str, _Seen], ...], tuple[Revocation, ...]]
_Loaded = tuple[tuple[Story, ...], tuple[Problem, ...]]


class StoryFolder:
    """`stories/*.md` below a workspace. Files are read again only when they changed on disk.

    `load` gives stories as they may be used: stops of `tombstones` are applied to their consent.
    """

    def __init__(self, root: Path, *, tombstones: Tombstones | None = None) -> None:
        self._on_disk = WorkspaceFiles(root)
        self.folder = root / FOLDER
        self.tombstones = tombstones or Tombstones(self.folder / NAME)
        self._read: dict[str, tuple[_Seen, Story | Problem]] = {}
        self._last: tuple[_Asked, _Loaded] | None = None

    def load(self) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
        """Every story by file name, and what is wrong with the files that cannot be read."""
        return self.load_after(self.tombstones.read())

    def load_after(
        self, stops: Sequence[Revocation]
    ) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
        """As `load`, with stops from elsewhere too. The same objects while nothing changed."""
        files = self._files()
        asked = (tuple(sorted(files.items())), tuple(stops))
        if self._last is None or self._last[0] != asked:
            found = [self._one(name, files[name]) for name in sorted(files)]
            stories = tuple(left_after(one, stops) for one in found if isinstance(one, Story))
            problems = tuple(one for one in found if isinstance(one, Problem))
            self._last = (asked, (stories, problems))
        return self._last[1]

    def get(self, story_id: str) -> Story | None:
        """One story as it may be used; None when there is no readable file of that name."""
        return next((story for story in self.load()[0] if story.id == story_id), None)

    def stamp(self, story_ids: Sequence[str]) -> tuple[_Seen | None, ...]:
        """Differs when what is known of these stories, or of withdrawals, changed on disk."""
        paths = [self.tombstones.path, *(self.folder / f"{one}.md" for one in story_ids)]
        return tuple(map(_seen, paths))

    def _files(self) -> dict[str, _Seen]:
        """Every story file, with what changes when its contents do."""
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries if _is_story(entry.name)]
        except FileNotFoundError:
            return {}
        seen = {name: _seen(self.folder / name) for name in names}
        return {name: one for name, one in seen.items() if one is not None}

    def _one(self, name: str, seen: _Seen) -> Story | Problem:
        known = self._read.get(name)
        if known is None or known[0] != seen:
            known = (seen, _not_a_file(name) if seen == _NO_FILE else _read(self._on_disk, name))
            self._read[name] = known
        return known[1]


def _seen(path: Path) -> _Seen | None:
    """What changes when the contents do; None for what was withdrawn this moment."""
    try:
        status = path.stat()
    except OSError:
        return _NO_FILE if path.is_symlink() else None
    if not stat.S_ISREG(status.st_mode):
        return _NO_FILE
    return status.st_mtime_ns, status.st_size, status.st_ino


def _is_story(name: str) -> bool:
    return name.endswith(".md") and not name.startswith(".")


def _read(files: WorkspaceFiles, file_name: str) -> Story | Problem:
    name = f"{FOLDER}/{file_name}"
    try:
        story = document.read(files.read(name), file=name)
        if f"{story.id}.md" != file_name:
            raise ConfigError(
                f"the id {story.id} is not the file's name",
                file=name,
                hint=f"rename the file to {story.id}.md",
            )
    except NewsletterError as error:
        return _unreadable(error)
    return story


def _not_a_file(name: str) -> Problem:
    return _unreadable(ConfigError("not a file", hint="move it away", file=f"{FOLDER}/{name}"))


def _unreadable(error: NewsletterError) -> Problem:
    return Problem(
        severity=Severity.BLOCKS,
        code="story-unreadable",
        message=error.message,
        hint=error.hint,
        file=error.file,
        line=error.line,
    )
