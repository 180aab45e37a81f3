"""The story files of a workspace, with revocations already applied. [I/O]"""

import os
import stat
from collections.abc import Container, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from newsletter.errors import ConfigError, NewsletterError
from newsletter.files import WorkspaceFiles
from newsletter.model.consent import Revocation
from newsletter.model.problem import Problem, Severity
from newsletter.model.story import Story
from newsletter.stories.recognition.not_evidence import NotEvidence
from newsletter.stories.recognition.recognizer import Recognizer
from newsletter.stories.recognition.words import forget_words
from newsletter.stories.record import document
from newsletter.stories.record.refused import without_refused
from newsletter.stories.record.revocation_file import NAME, RevocationFile

FOLDER = "stories"
_Seen = tuple[int, int, int]
_NO_FILE: _Seen = (0, 0, 0)
_Asked = tuple[tuple[tuple[str, _Seen], ...], tuple[Revocation, ...]]
_Loaded = tuple[tuple[Story, ...], tuple[Problem, ...]]


class StoryFolder:
    """`stories/*.md` below a workspace. Files are read again only when they changed on disk.

    `load` gives stories as they may be used: `revocation_file` is applied to their consent.
    `key` is what texts are compared under, `excused` what is no evidence.
    """

    def __init__(
        self,
        root: Path,
        *,
        key: bytes,
        revocation_file: RevocationFile | None = None,
        excused: NotEvidence | None = None,
    ) -> None:
        self.recognizer = Recognizer(key, excused)
        self._on_disk = WorkspaceFiles(root)
        self.folder = root / FOLDER
        self.revocation_file = revocation_file or RevocationFile(self.folder / NAME, key=key)
        self._read: dict[str, tuple[_Seen, Story | Problem]] = {}
        self._last: tuple[_Asked, _Loaded] | None = None

    def load(self) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
        """Return every story by file name, and the problems of files that cannot be read."""
        return self.load_after(self.revocation_file.read())

    def load_after(
        self, revocations: Sequence[Revocation]
    ) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
        """Load with these revocations. Returns the same objects while nothing changed."""
        files = self._files()
        self._forget_all_but(files)
        asked = (tuple(sorted(files.items())), tuple(revocations))
        last = self._last
        if last is None or last[0] != asked:
            stories, problems = self._all(files)
            recognizer = self.recognizer
            left = tuple(
                without_refused(
                    recognizer.apply_revocations(story, revocations), revocations, recognizer.keyed
                )
                for story in stories
            )
            last = self._last = (asked, (left, problems))
        return last[1]

    def as_written(self) -> tuple[Story, ...]:
        """Return the readable stories as their files have them, whatever was taken back.

        Compares no words: anybody may ask for it, by typing a code.
        """
        return self._all(self._files())[0]

    def forget_gone(self) -> bool:
        """Let go of the words of stories whose file is gone; return whether any are still held."""
        files = self._files()
        if self._last is not None and not {name for name, _ in self._last[0][0]} <= files.keys():
            self._last = None
        self._forget_all_but(files)
        forget_words()
        return bool(self._read)

    def _forget_all_but(self, files: Container[str]) -> None:
        for gone in [name for name in [*self._read] if name not in files]:
            self._read.pop(gone, None)

    def stamp(self, story_ids: Sequence[str]) -> tuple[_Seen | None, ...]:
        """Return what differs once these stories' files, or the revocations', changed on disk."""
        paths = [
            *self.revocation_file.paths,
            *(self.folder / f"{story_id}.md" for story_id in story_ids),
        ]
        return (_changed(self.folder), *map(_seen, paths))

    def _files(self) -> dict[str, _Seen]:
        """Every story file, with what changes when its contents do."""
        try:
            with os.scandir(self.folder) as entries:
                names = [entry.name for entry in entries if fnmatchcase(entry.name, "[!.]*.md")]
        except FileNotFoundError:
            return {}
        seen = {name: _seen(self.folder / name) for name in names}
        return {name: status for name, status in seen.items() if status is not None}

    def _all(self, files: Mapping[str, _Seen]) -> _Loaded:
        read = [self._one(name, files[name]) for name in sorted(files)]
        return (
            tuple(story for story in read if isinstance(story, Story)),
            tuple(problem for problem in read if isinstance(problem, Problem)),
        )

    def _one(self, name: str, seen: _Seen) -> Story | Problem:
        known = self._read.get(name)
        if known is None or known[0] != seen:
            known = (seen, _read(self._on_disk, name, seen))
            self._read[name] = known
        return known[1]


def _changed(folder: Path) -> _Seen | None:
    """What differs once a story's file came, went or was replaced."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_mtime_ns, 0, status.st_ino


def _seen(path: Path) -> _Seen | None:
    """What changes when the contents do; None for what was withdrawn this moment."""
    try:
        status = path.stat()
    except OSError:
        return _NO_FILE if path.is_symlink() else None
    if not stat.S_ISREG(status.st_mode):
        return _NO_FILE
    return status.st_mtime_ns, status.st_size, status.st_ino


def _read(files: WorkspaceFiles, file_name: str, seen: _Seen) -> Story | Problem:
    name = f"{FOLDER}/{file_name}"
    try:
        if seen == _NO_FILE:
            raise ConfigError("not a file", hint="move it away", file=name)
        story = document.read(files.read(name), file=name)
        if f"{story.id}.md" != file_name:
            raise ConfigError(
                f"the id {story.id} is not the file's name",
                file=name,
                hint=f"rename the file to {story.id}.md",
            )
    except NewsletterError as error:
        return Problem(
            severity=Severity.BLOCKS,
            code="story-unreadable",
            message=error.message,
            hint=error.hint,
            file=error.file,
            line=error.line,
        )
    return story
