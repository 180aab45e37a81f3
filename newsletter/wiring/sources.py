"""Where an issue comes from: the members' feeds, the stories, and the rules it is made by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from newsletter.errors import AttentionError
from newsletter.model.coalition import USUAL_SECTIONS
from newsletter.model.ledger import Process
from newsletter.wiring.resources import WorkspaceResources

if TYPE_CHECKING:
    from newsletter.config import Config
    from newsletter.issues.approval_rules import ApprovalRules
    from newsletter.issues.choosing.select import DraftRules
    from newsletter.issues.sources import IssueSources
    from newsletter.pulling.feed_reader import FeedReader
    from newsletter.pulling.fetch.fetch import Fetcher
    from newsletter.pulling.pull_loop import PullLoop
    from newsletter.pulling.pull_run import PullParts
    from newsletter.pulling.recheck import RecheckParts
    from newsletter.store.feeds import FeedStore
    from newsletter.store.issues import IssueStore
    from newsletter.store.items import ItemStore
    from newsletter.store.state_marks import SqlStateMarks
    from newsletter.store.stories import SqlStories
    from newsletter.stories.recognition.not_evidence import NotEvidence
    from newsletter.stories.recognition.public_register import PublicRegister
    from newsletter.stories.record.consents import Consents
    from newsletter.stories.record.folder import StoryFolder
    from newsletter.stories.services import StoryServices
    from newsletter.stories.taking.unfinished import UnfinishedInterviews


@dataclass(frozen=True)
class Sources(WorkspaceResources):
    """Feeds, what was pulled from them, stories, and the issues that are made of them."""

    @cached_property
    def feeds(self) -> "FeedStore":
        """What is remembered of feeds between pulls."""
        from newsletter.store.feeds import FeedStore

        return FeedStore(self.engine)

    @cached_property
    def items(self) -> "ItemStore":
        """What was pulled."""
        from newsletter.store.items import ItemStore

        return ItemStore(self.engine)

    def fetcher(self) -> "Fetcher":
        """Make a guarded fetcher with this workspace's limits: an async context manager."""
        from newsletter import __version__
        from newsletter.pulling.fetch.addresses import AddressPolicy
        from newsletter.pulling.fetch.fetch import Fetcher, Limits
        from newsletter.pulling.fetch.pace import HostPace

        settings, coalition = self.config.fetch, self.config.coalition
        contact = self.config.sender.mailbox
        agent = f"newsletter/{__version__} (+{coalition.url}; {contact})"
        return Fetcher(
            policy=AddressPolicy.of(settings.allow_private, settings.allow_ports),
            user_agent=agent.encode("ascii", "ignore").decode(),
            limits=Limits(total_seconds=settings.total_seconds),
            pace=HostPace(settings.host_pause_seconds),
        )

    def feed_reader(self) -> "FeedReader":
        """Make what asks feeds, and the processes that read what they answer."""
        from newsletter.pulling.feed_reader import FeedReader

        return FeedReader(**self._reading())

    def pulling(self, advance: Callable[[], None] = lambda: None) -> "PullParts":
        """Return what a pull works with."""
        from newsletter.pulling.pull_run import PullParts
        from newsletter.store.processes import this_process

        return PullParts(
            feeds=self.feeds,
            items=self.items,
            process=this_process(),
            is_gone=self.is_gone,
            advance=advance,
            **self._reading(),
        )

    def opened_again(self, config: "Config | None" = None) -> Self:
        """Do so; pulls go on sharing what they share, unless it is to be by other settings."""
        again = super().opened_again(config)
        if config is None:
            again.__dict__["pull_loop"] = self.pull_loop
        return again

    @staticmethod
    def is_gone(process: Process) -> bool | None:
        """Return whether a process has ended; None where that cannot be seen from here."""
        from newsletter.store.processes import is_gone

        return is_gone(process)

    @cached_property
    def pull_loop(self) -> "PullLoop":
        """What the pulls of a worker share."""
        from newsletter.pulling.pull_loop import PullLoop

        return PullLoop(self.pulling)

    def rechecking(self) -> "RecheckParts":
        """Return what looking at the sources of chosen items again works with."""
        from newsletter.pulling.recheck import RecheckParts

        return RecheckParts(
            organisations=self.organisations,
            items=self.items,
            **self._reading(),
        )

    def _reading(self) -> dict[str, Any]:
        from newsletter.pulling.parse.pool import WorkerPool

        readers = WorkerPool("newsletter.pulling.reading:read", size=self.config.fetch.workers)
        return {
            "fetcher": self.fetcher(),
            "readers": readers,
            "clock": self.now,
            "timezone": self.config.coalition.timezone,
        }

    @cached_property
    def story_folder(self) -> "StoryFolder":
        """The story files, without what was withdrawn."""
        from newsletter.stories.record.folder import StoryFolder
        from newsletter.stories.record.revocation_file import RevocationFile

        state, withdrawn = self.state_folder, self.root / self.config.stories.withdrawn
        is_kept, key = not state.lost, state.key_for_now()
        return StoryFolder(
            self.root,
            key=key,
            excused=self._excused,
            revocation_file=RevocationFile(withdrawn, state.withdrawn, key=key, is_kept=is_kept),
        )

    @property
    def _excused(self) -> "NotEvidence":
        """What of a story's words is not the storyteller's. A database that is away excuses
        nothing, and holds no withdrawal up."""
        from newsletter.issues.checking.public_words import PublicWords
        from newsletter.stories.recognition.excused import Excused

        public = PublicWords(
            items=lambda: self.items.each(),
            as_of=lambda item_id, moment: self.items.as_of(item_id, moment),
            issues=lambda: self.issues,
            blocks_before=self._blocks_before,
            coalition=self.config.coalition,
        )
        return Excused(lambda: self.story_store).not_evidence(public.until)

    @cached_property
    def public_register(self) -> "PublicRegister":
        """Which standing blocks were seen when."""
        from newsletter.stories.recognition.public_register import PublicRegister

        return PublicRegister(
            path=self.state_folder.path / "blocks.txt",
            blocks=self.root / "blocks",
            key=self.state_folder.recognition_key,
        )

    def _blocks_before(self, record_id: str) -> Iterator[str]:
        number = self.story_store.came_in_as(record_id)
        return self.public_register.before(number) if number else iter(())

    @cached_property
    def consents(self) -> "Consents":
        """The one place that answers whether a story may be used."""
        return self.story_services.consents

    @cached_property
    def state_marks(self) -> "SqlStateMarks":
        """What the database knows of the state folder."""
        from newsletter.store.state_marks import SqlStateMarks

        return SqlStateMarks(self.engine)

    def insist_on_state(self) -> None:
        """Raise AttentionError where the state folder is not whole, or is not the one whose key
        the database was used with."""
        self.state_folder.insist()
        self._same_key  # noqa: B018 - asked for the error alone, once

    @cached_property
    def _same_key(self) -> bool:
        mark = self.state_folder.key_mark()
        if self.state_marks.add_key_mark(mark) != mark:
            raise AttentionError(
                "the recognition key in the state folder is not the one that this database was "
                f"used with: withdrawn words would not be known again ({self.state_folder.path})",
                hint="copy recognition.key from the machine that has the right one. Only if it is "
                "lost everywhere: newsletter state confirm --new-key --by NAME",
            )
        return True

    @cached_property
    def story_store(self) -> "SqlStories":
        """Sealed submissions, withdrawals, and the chain of consent events."""
        from newsletter.store.stories import SqlStories

        self.state_folder  # noqa: B018 - made before the first event, for with one it may be lost
        return SqlStories(self.engine)

    @cached_property
    def unfinished_interviews(self) -> "UnfinishedInterviews":
        """What was told in interviews that nobody finished, sealed."""
        from newsletter.stories.taking.unfinished import UnfinishedInterviews

        return UnfinishedInterviews(self.state_folder.path)

    @cached_property
    def story_services(self) -> "StoryServices":
        """What the verbs about stories work on."""
        from newsletter.stories.record.checkpoint_file import NAME, CheckpointFile
        from newsletter.stories.record.folder import FOLDER
        from newsletter.stories.services import StoryServices

        coalition = self.config.coalition
        pages = coalition.public_url
        return StoryServices(
            files=self.files,
            folder=self.story_folder,
            open_store=lambda: self.story_store,
            checkpoints=CheckpointFile(self.root / FOLDER / NAME, self.state_folder.chain),
            coalition=coalition.name,
            names=coalition.names,
            withdraw_at=f"{pages}/stories/d" if pages else "",
            languages=coalition.languages,
            recognition_key=lambda: self.state_folder.recognition_key(),
            insist=self.insist_on_state,
            note_blocks=self.public_register.note,
        )

    @cached_property
    def issues(self) -> "IssueStore":
        """What was offered, approved and used."""
        from newsletter.store.issues import IssueStore

        return IssueStore(self.engine)

    @cached_property
    def issue_sources(self) -> "IssueSources":
        """Everything that an issue's bytes depend on."""
        from newsletter.issues.sources import IssueSources

        return IssueSources(
            coalition=self.config.coalition,
            sender=self.config.sender,
            organisations=self.organisations,
            files=self.files,
            items=self.items,
            stories=self.consents,
            templates=self.templates,
            logo=self.logo,
            approved_drafts=lambda issue_id: self.issues.approved_drafts(issue_id),
        )

    @property
    def draft_rules(self) -> "DraftRules":
        """The issue's sections and how their places are shared out."""
        from newsletter.issues.choosing.section_rules import section_rules
        from newsletter.issues.choosing.select import DraftRules

        issue = self.config.issue
        return DraftRules(
            sections=section_rules(issue.sections or USUAL_SECTIONS, self.templates.kinds),
            organisation_cap=issue.organisation_cap,
            rotation_issues=issue.rotation_issues,
        )

    @property
    def approval_rules(self) -> "ApprovalRules":
        """Who may approve, and how many have to."""
        from newsletter.issues.approval_rules import ApprovalRules

        return ApprovalRules(
            editors=self.config.editors,
            required=self.config.issue.approvals_required,
            bulletin_required=self.config.issue.bulletin_approvals_required,
        )
