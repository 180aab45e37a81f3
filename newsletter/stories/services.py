"""[I/O] What the verbs about stories share: their parts, and how events are recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.errors import AttentionError, UsageError
from newsletter.files import WorkspaceFiles
from newsletter.model.consent import Revocation
from newsletter.model.language import first_same
from newsletter.model.story import Story, StoryText
from newsletter.model.submission import StoryEvent
from newsletter.stories.keys.recipients import Recipient, read_recipients
from newsletter.stories.ports import StoryStore
from newsletter.stories.record.checkpoint_file import CheckpointFile
from newsletter.stories.record.consent_notice import Notice, notice
from newsletter.stories.record.consents import Consents
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.hash_chain import chain_stops
from newsletter.stories.record.revocation_file import RevocationFile, not_said
from newsletter.stories.record.stored_stops import StoredStops


@dataclass(frozen=True, kw_only=True)
class StoryServices:
    """A workspace's stories: files, sealed submissions, revocations and the chain of events.

    The database is opened when it is first asked for: what is done on disk needs none.
    `withdraw_at` is the page where a storyteller's code is used, empty where there is none;
    `languages` are the tags that the newsletter appears in.
    """

    files: WorkspaceFiles
    folder: StoryFolder
    open_store: Callable[[], StoryStore]
    checkpoints: CheckpointFile
    coalition: str
    withdraw_at: str
    languages: tuple[str, ...]
    recognition_key: Callable[[], bytes]
    names: Mapping[str, str] = field(default_factory=dict)  # of the coalition, by language
    note_blocks: Callable[[int], None] = lambda length: None  # which hang here before a story comes
    insist: Callable[[], None] = lambda: None  # raises where what outlives a restore was lost

    @property
    def store(self) -> StoryStore:
        """Return what the database keeps of stories. StoreError while it is away."""
        return self.open_store()

    @property
    def revocation_file(self) -> RevocationFile:
        """Return what was revoked, outside the database."""
        return self.folder.revocation_file

    @cached_property
    def consents(self) -> Consents:
        """Return who answers whether a story may be used."""
        stops = StoredStops(lambda: self.store, self.checkpoints, self.insist, self.recognition_key)
        return Consents(self.folder, stops)

    def notice(self, language: str) -> Notice:
        """Return the consent text of this coalition; in English when it is not in that language."""
        return notice(language, coalition=self.coalition_in(language), page=self.withdraw_at)

    def coalition_in(self, language: str) -> str:
        """Return the coalition's name as readers of a language know it."""
        tag = first_same(language, self.names)
        return self.names[tag] if tag else self.coalition

    def recipients(self) -> tuple[Recipient, ...]:
        """Return whom stories are sealed to; none while nobody made a key."""
        return read_recipients(self.files)

    def story(self, story_id: str) -> Story:
        """Return a story as it may be used now.

        UsageError when there is none of that id, AttentionError when its file cannot be read.
        """
        stories, problems = self.folder.load_after(self.consents.revocations())
        for story in stories:
            if story.id == story_id:
                return story
        for problem in problems:
            if problem.file.endswith(f"/{story_id}.md"):
                raise AttentionError(
                    problem.message, hint=problem.hint, file=problem.file, line=problem.line
                )
        raise UsageError(f"there is no story {story_id!r}", hint="see newsletter stories list")

    def remove_files(self, story: Story) -> None:
        """Remove a story's file and its picture."""
        self.files.remove(story.path)
        if story.picture is not None:
            self.files.remove(story.picture.file)

    def all_stops(self) -> tuple[Revocation, ...]:
        """Return what any place tells was taken back, whether or not the record can be trusted:
        the files, the database, or its chain of events alone."""
        known = dict.fromkeys((*self.revocation_file.read(), *self.store.revocations()))
        return (*known, *chain_stops(self.store.events(), known))

    def withdrawn_texts(self) -> tuple[StoryText, ...]:
        """Return the words of stories that were taken back, perhaps on another machine, and whose
        files still lie here: once they are gone, nobody knows a short quote of them again."""
        stories, _ = self.folder.load_after(self.all_stops())
        taken_back = (story for story in stories if story.consent.withdrawn_on is not None)
        return tuple(text for story in taken_back for text in story.texts)

    def missing_stops(self) -> tuple[Revocation, ...]:
        """Return what was taken back and the database does not have as such."""
        return not_said(self.all_stops(), by=self.store.revocations())

    def append_events(self, events: Sequence[StoryEvent]) -> None:
        """Add to the chain of events, and write down where it stands."""
        self.store.append_events(events)
        self.write_checkpoint()

    def write_checkpoint(self) -> None:
        """Write down where the chain stands now."""
        self.checkpoints.append(self.store.head())
