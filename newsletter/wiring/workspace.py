"""One opened workspace: everything that the commands and the pages ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.files import WorkspaceFiles
from newsletter.model.silence import WORKER_SEEN
from newsletter.wiring.people import People
from newsletter.wiring.sources import Sources
from newsletter.wiring.transports import TRANSPORTS

if TYPE_CHECKING:
    from newsletter.archive.served import ServedArchive
    from newsletter.archive.write import ArchiveOutcome
    from newsletter.issues.redact import WithdrawnStoryRedactor
    from newsletter.members.health import OrganisationHealth
    from newsletter.model.issue import Approval
    from newsletter.sending.changed_sources import SentPieces
    from newsletter.sending.message.addressing import Addressing
    from newsletter.sending.results.record import EventRecorder
    from newsletter.sending.send_plan import SendParts, SendPlan
    from newsletter.sending.sent_files import SentFiles
    from newsletter.store.job_runs import SqlJobs
    from newsletter.store.job_work import SqlJobWork
    from newsletter.store.ledger import SqlLedger
    from newsletter.store.reminders import SqlReminders
    from newsletter.store.send_runs import SqlSendRuns
    from newsletter.stories.consent.withdrawal_cleanup import WithdrawalCleanup


@dataclass(frozen=True)
class Workspace(Sources, People):
    """One opened workspace. Each part is made when first asked for: start-up stays quick."""

    def feed_health(self) -> "tuple[OrganisationHealth, ...]":
        """Return how every member's feeds are doing, in the registry's order."""
        from newsletter.members.health import ISSUES, health_of, used_items

        states, now = self.feeds.states(), self.now()
        uses = self.issues.used_in_last(ISSUES)
        used = used_items(uses, self.items.get([use.item_id for use in uses]))
        return tuple(
            health_of(member, states, used.get(member.id, ()), now=now)
            for member in self.organisations
        )

    @property
    def withdrawal_cleanup(self) -> "WithdrawalCleanup":
        """What follows a withdrawal: issues, and the website if there is one, go without it."""
        from newsletter.stories.consent.withdrawal_cleanup import WithdrawalCleanup

        is_known = bool(self.config.coalition.public_url)
        return WithdrawalCleanup(
            items=lambda: self.items.each(),
            recognizer=self.story_folder.recognizer,
            redact=lambda stops, texts: self.redactor.redact(stops, texts),
            rebuild=self.publish if self.served_archive.is_there and is_known else None,
        )

    @property
    def redactor(self) -> "WithdrawnStoryRedactor":
        """What removes withdrawn stories from our records of issues."""
        from newsletter.issues.redact import WithdrawnStoryRedactor

        return WithdrawnStoryRedactor(
            issues=self.issues,
            send_of=self.ledger.find,
            files=self.files,
            coalition=self.config.coalition,
            recognizer=self.story_folder.recognizer,
        )

    @cached_property
    def served_archive(self) -> "ServedArchive":
        """What of the archive may be shown at this moment."""
        from newsletter.archive.published_folder import PublishedFolder
        from newsletter.archive.served import ServedArchive

        return ServedArchive(PublishedFolder(self.site_folder), lambda: self.consents)

    @property
    def site_folder(self) -> Path:
        """Where `newsletter serve` finds the archive."""
        return self.root / "site"

    def publish(
        self,
        folder: Path | None = None,
        url: str | None = None,
        about_to_go: Sequence[str] = (),
        *,
        now: datetime | None = None,
    ) -> "ArchiveOutcome":
        """Write the archive again: where `newsletter serve` shows it, or elsewhere.

        UsageError when it has no public address."""
        from newsletter.archive.published_folder import PublishedFolder
        from newsletter.archive.write import archive

        public = self.config.coalition.public_url
        return archive(
            self.issue_sources,
            self.ledger.sends,
            self.issues,
            PublishedFolder(folder or self.site_folder),
            base=f"{url.rstrip('/')}/" if url else f"{public}/archive/" if public else "",
            now=now or self.now(),
            about_to_go=about_to_go,
            was_sent=lambda issue_id: self.witness.read(issue_id).was_sent,
        )

    def publish_all(
        self,
        folder: Path | None = None,
        url: str | None = None,
        about_to_go: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> "ArchiveOutcome":
        """Do so where every story is here that may be shown. AttentionError where one is not: its
        page would go as if it were taken back. `without` are ids of some whose pages are to go."""
        from newsletter.archive.published_folder import PublishedFolder
        from newsletter.stories.consent.not_here import refuse_without_shown, refuse_without_stories

        refuse_without_stories(self.story_services)
        shown = PublishedFolder(folder or self.site_folder).stories()
        refuse_without_shown(self.story_services, shown - {*without})
        return self.publish(folder, url, about_to_go)

    @property
    def witness(self) -> "SentFiles":
        """What is written down of sends apart from the database."""
        from newsletter.sending.sent_files import SentFiles

        return SentFiles(self.files, lambda: WorkspaceFiles(self.state_folder.insist().path))

    @cached_property
    def ledger(self) -> "SqlLedger":
        """Which issues went out, to whom, and how that went."""
        from newsletter.store.ledger import SqlLedger

        return SqlLedger(self.engine, self._suppression_keys)

    @cached_property
    def jobs(self) -> "SqlJobs":
        """What runs by itself: what people see and change of it."""
        from newsletter.store.job_runs import SqlJobs

        return SqlJobs(self.engine)

    @cached_property
    def reminders(self) -> "SqlReminders":
        """Mails to editors."""
        from newsletter.store.reminders import SqlReminders

        return SqlReminders(self.engine)

    @cached_property
    def job_work(self) -> "SqlJobWork":
        """What runs by itself, as workers need it."""
        from newsletter.store.job_work import SqlJobWork

        return SqlJobWork(self.engine)

    @property
    def has_server(self) -> bool:
        """Whether the database is a server's, which many machines share."""
        return self.engine.dialect.name == "postgresql"

    def prepare_job_engine(self, whole: str, migrations: Mapping[str, str]) -> dict[str, str]:
        """Bring the tables of the jobs' engine up to date; return how to connect to them."""
        from newsletter.store.job_engine import engine_address, prepare_engine

        prepare_engine(self.engine, whole, migrations)
        return engine_address(self.engine)

    @property
    def event_recorder(self) -> "EventRecorder":
        """What keeps that which providers and returned mail tell of deliveries."""
        from newsletter.sending.results.record import EventRecorder

        return EventRecorder(
            ledger=self.ledger,
            people=self.subscribers,
            tokens=self.delivery_tokens,
            came_back=self.reminders.came_back,
        )

    @cached_property
    def sending(self) -> "SendParts":
        """Everything that `send` and `audit` need."""
        from newsletter.issues.drafting.load_issue import load_issue, read_drafts
        from newsletter.issues.drafting.not_here import changed_since_approved
        from newsletter.issues.drafting.rendered import rendered
        from newsletter.sending.ceilings import Ceilings
        from newsletter.sending.send_plan import IssueReader, SendLimits, SendParts
        from newsletter.store.processes import this_process

        config = self.config
        return SendParts(
            coalition=config.coalition,
            sender=config.sender,
            ledger=self.ledger,
            witness=self.witness,
            people=self.subscribers,
            keep_out_left=self.keep_out_left,
            issues=IssueReader(
                drafts=lambda issue_id: tuple(
                    draft.edition for draft in read_drafts(self.issue_sources, issue_id)
                ),
                rendered=lambda issue_id: rendered(load_issue(self.issue_sources, issue_id)),
                approvals=self._valid_approvals,
                approvals_required=self.approval_rules.required_for,
                approved_editions=self.issues.approved_editions,
                approved_words=self.issues.approved_words,
                corrections=self.issues.corrections,
                changed=lambda issue_id: changed_since_approved(self.issue_sources, issue_id),
            ),
            consents=self.consents,
            addressing=self._addressing,
            transport=lambda splicer: TRANSPORTS[config.transport.kind].transport(config, splicer),
            transport_name=config.transport.kind,
            process=this_process(),
            is_gone=self.is_gone,
            clock=self.now,
            limits=SendLimits(
                stale_days=config.issue.stale_days,
                blast_radius=config.issue.blast_radius,
                rate=config.transport.rate,
                domain_rate=config.transport.domain_rate,
                warm_up=config.transport.warm_up,
                ceilings=Ceilings(
                    complaints=config.transport.complaint_ceiling,
                    dead=config.transport.bounce_ceiling,
                ),
            ),
            signer=self.signer,
            publish=self.publish_all if config.coalition.public_url else None,
            has_worker=lambda: self.jobs.has_worker("send", since=self.now() - WORKER_SEEN),
        )

    @property
    def send_runs(self) -> "SqlSendRuns":
        """How what lends hands to sends went."""
        from newsletter.store.send_runs import SqlSendRuns

        return SqlSendRuns(self.engine)

    def rechecked(self, plan: "SendPlan") -> "SendPlan":
        """Return the plan with a warning for each piece that its source withdrew or edited since
        the approval: they are asked once more."""
        from newsletter.issues.checking.recheck_sources import held_back
        from newsletter.issues.drafting.draft_file import read_approved

        drafts = self.issues.approved_drafts(plan.issue_id, plan.digest).items()
        held = held_back(
            plan.editions,
            [read_approved(plan.issue_id, language, draft.text) for language, draft in drafts],
            self.items,
            approved_at=max(yes.approved_at for yes in self.issues.approvals(plan.issue_id)),
            parts=self.rechecking(),
            zone=self.config.coalition.zone,
        )
        return replace(plan, warnings=(*plan.warnings, *held))

    def _valid_approvals(self, issue_id: str) -> "tuple[Approval, ...]":
        """Without those of editors who left before it began to be sent."""
        given = self.issues.approvals(issue_id)
        if self.ledger.find(issue_id) is not None:
            return given
        return self.approval_rules.still_counting(given)

    @property
    def sent_pieces(self) -> "SentPieces":
        """The pieces that were mailed, and what their sources say now."""
        from newsletter.sending.changed_sources import SentPieces

        return SentPieces(
            sends=self.ledger.sends,
            approved_drafts=self.issues.approved_drafts,
            corrections=self.issues.corrections,
            items=self.items,
            zone=self.config.coalition.zone,
        )

    def _addressing(self) -> "Addressing":
        from newsletter.sending.message.addressing import Addressing

        return Addressing(
            links=self.links,
            tokens=self.delivery_tokens,
            message_domain=self.config.sender.domain,
            return_domain=self.config.transport.return_domain,
        )
