"""The story files of a workspace, with what was taken back since already taken away. [I/O]"""

from collections.abc import Sequence
from pathlib import Path

from newsletter.errors import ConfigError
from newsletter.model.consent import Stop
from newsletter.model.problem import Problem, Severity
from newsletter.model.story import Story
from newsletter.stories import document
from newsletter.stories.recognition import left_after
from newsletter.stories.tombstones import NAME, Tombstones

FOLDER = "stories"
_Seen = tuple[int, int, int]


class StoryFolder:
    """`stories/*.md` below a workspace. Files are read again only when they changed on disk.

    `load` gives stories as they may be used: stops of `tombstones` are applied to their consent.
    """

    def __init__(self, root: Path, *, tombstones: Tombstones | None = None) -> None:
        self.folder = root / FOLDER
        self.tombstones = tombstones or Tombstones(self.folder / NAME)
        self._read: dict[str, tuple[_Seen, Story | Problem]] = {}

    def load(self) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
        """Every story by file name, and what is wrong with the files that cannot be read."""
        return self.load_after(self.tombstones.read())

    def load_after(self, stops: Sequence[Stop]) -> tuple[tuple[Story, ...], tuple[Problem, ...]]:
        """As `load`, with stops from elsewhere too."""
        found = [self._one(path) for path in self._paths()]
        stories = [one for one in found if isinstance(one, Story)]
        problems = [one for one in found if isinstance(one, Problem)]
        return tuple(left_after(story, stops) for story in stories), tuple(problems)

    def get(self, story_id: str) -> Story | None:
        """One story as it may be used; None when there is no readable file of that name."""
        path = self.folder / f"{story_id}.md"
        found = self._one(path) if path.is_file() else None
        if not isinstance(found, Story):
            return None
        return left_after(found, self.tombstones.read())

    def _paths(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(path for path in self.folder.glob("*.md") if not path.name.startswith("."))

    def _one(self, path: Path) -> Story | Problem:
        status = path.stat()
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        known = self._read.get(path.name)
        if known is None or known[0] != seen:
            known = (seen, _read(path))
            self._read[path.name] = known
        return known[1]


def _read(path: Path) -> Story | Problem:
    name = f"{FOLDER}/{path.name}"
    try:
        story = document.read(path.read_text(encoding="utf-8-sig"), file=name)
        if f"{story.id}.md" != path.name:
            raise ConfigError(
                f"the id {story.id} is not the file's name",
                file=name,
                hint=f"rename the file to {story.id}.md",
            )
    except UnicodeDecodeError:
        return Problem(
            severity=Severity.BLOCKS,
            code="story-unreadable",
            message="not UTF-8 text",
            hint="save it as UTF-8",
            file=name,
        )
    except ConfigError as error:
        return Problem(
            severity=Severity.BLOCKS,
            code="story-unreadable",
            message=error.message,
            hint=error.hint,
            file=error.file,
            line=error.line,
        )
    return story
