"""[I/O] What the verbs about stories share: their parts, and how events are recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newsletter.errors import AttentionError, UsageError
from newsletter.files import WorkspaceFiles
from newsletter.model.story import Story
from newsletter.model.submission import StoryEvent
from newsletter.stories.keys.recipients import Recipient, read_recipients
from newsletter.stories.ports import StoryStore
from newsletter.stories.record.anchors import Anchors
from newsletter.stories.record.consents import Consents
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.tombstones import Tombstones


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryServices:
    """A workspace's stories: files, sealed submissions, withdrawals and the chain of events.

    The database is opened when it is first asked for: what is done on disk needs none.
    """

    files: WorkspaceFiles
    folder: StoryFolder
    open_store: Callable[[], StoryStore]
    anchors: Anchors
    coalition: str
    withdraw_at: str

    @property
    def store(self) -> StoryStore:
        """What the database keeps of stories. StoreError while it is away."""
        return self.open_store()

    @property
    def tombstones(self) -> Tombstones:
        """What was taken back, outside the database."""
        return self.folder.tombstones

    @property
    def consents(self) -> Consents:
        """Who answers whether a story may be used."""
        return Consents(self.folder, self.store)

    def recipients(self) -> tuple[Recipient, ...]:
        """Whom stories are sealed to; none while nobody made a key."""
        return read_recipients(self.files)

    def story(self, story_id: str) -> Story:
        """A story as it may be used now. UsageError when there is none of that name."""
        stories, problems = self.folder.load_after(self.consents.stops())
        for story in stories:
            if story.id == story_id:
                return story
        for problem in problems:
            if problem.file.endswith(f"/{story_id}.md"):
                raise AttentionError(
                    problem.message, hint=problem.hint, file=problem.file, line=problem.line
                )
        raise UsageError(f"there is no story {story_id!r}", hint="see newsletter stories list")

    def record(self, happened: Sequence[StoryEvent]) -> None:
        """Add to the chain of events, and write down where it stands."""
        self.store.record(happened)
        self.anchor()

    def anchor(self) -> None:
        """Write down where the chain stands now."""
        self.anchors.add(*self.store.head())
