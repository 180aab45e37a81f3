"""One opened workspace: everything that the commands and the pages ask for."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.wiring.people import People
from newsletter.wiring.sources import Sources
from newsletter.wiring.transports import TRANSPORTS, dkim_signer

if TYPE_CHECKING:
    from newsletter.issues.approve import ApprovalRules
    from newsletter.issues.choosing.choosing import DraftRules
    from newsletter.issues.ports import SiteFolder
    from newsletter.issues.redact import WithdrawnStoryRedactor
    from newsletter.issues.sources import IssueSources
    from newsletter.members.health import HealthParts
    from newsletter.sending.handover import Addressing
    from newsletter.sending.send_plan import SendParts
    from newsletter.store.issues import IssueStore
    from newsletter.store.ledger import SqlLedger
    from newsletter.store.provider_events import SqlDeliveryEvents
    from newsletter.store.tallies import SqlTallies
    from newsletter.stories.consent.withdrawal_cleanup import WithdrawalCleanup


@dataclass(frozen=True)
class Workspace(Sources, People):
    """One opened workspace. Each part is made when first asked for: start-up stays quick."""

    def health_parts(self) -> "HealthParts":
        """What a feed health report is made of."""
        from newsletter.members.health import HealthParts

        return HealthParts(
            organisations=self.organisations,
            feeds=self.feeds,
            issues=self.issues,
            items=self.items,
            coalition=self.config.coalition.name,
            translations=self.member_words,
            post=lambda: self.post,
        )

    @property
    def withdrawal_cleanup(self) -> "WithdrawalCleanup":
        """What follows a withdrawal: issues, and the website if there is one, go without it."""
        from newsletter.stories.consent.withdrawal_cleanup import WithdrawalCleanup

        has_site = (self.root / "site" / "index.html").is_file()
        is_known = bool(self.config.coalition.public_url)
        return WithdrawalCleanup(
            items=lambda: self.items.each(),
            redact=lambda revocations: self.striker.strike(revocations),
            rebuild=self.publish if has_site and is_known else None,
        )

    @property
    def striker(self) -> "WithdrawnStoryRedactor":
        """What takes withdrawn stories out of what is kept of issues."""
        from newsletter.issues.redact import WithdrawnStoryRedactor

        return WithdrawnStoryRedactor(
            issues=self.issues,
            sent=self.ledger,
            files=self.files,
            coalition=self.config.coalition.name,
        )

    def publish(self) -> None:
        """Write the archive anew where `newsletter serve` shows it."""
        from newsletter.archive.write import archive

        archive(
            self.issue_sources,
            self.ledger,
            self.issues,
            self.published_folder(),
            base=f"{self.config.coalition.public_url.rstrip('/')}/archive/",
            now=self.now(),
        )

    @cached_property
    def issues(self) -> "IssueStore":
        """What was offered, approved and used."""
        from newsletter.store.issues import IssueStore

        return IssueStore(self.engine)

    @cached_property
    def ledger(self) -> "SqlLedger":
        """Which issues went out, and to whom."""
        from newsletter.store.ledger import SqlLedger

        return SqlLedger(self.engine, self._suppression_keys)

    @cached_property
    def tallies(self) -> "SqlTallies":
        """What the ledger adds up to."""
        from newsletter.store.tallies import SqlTallies

        return SqlTallies(self.engine)

    @cached_property
    def delivery_events(self) -> "SqlDeliveryEvents":
        """What was told after the hand-over."""
        from newsletter.store.provider_events import SqlDeliveryEvents

        return SqlDeliveryEvents(self.engine)

    def published_folder(self, folder: Path | None = None) -> "SiteFolder":
        """Where the archive is written: `site/`, or the folder named."""
        from newsletter.store.site import PublishedFolder

        return PublishedFolder(folder or self.root / "site")

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
        )

    @property
    def draft_rules(self) -> "DraftRules":
        """The issue's sections and how their places are shared out."""
        from newsletter.issues.choosing.choosing import DraftRules
        from newsletter.model.coalition import USUAL_SECTIONS

        issue = self.config.issue
        return DraftRules(
            sections=issue.sections or USUAL_SECTIONS,
            organisation_cap=issue.organisation_cap,
            rotation_issues=issue.rotation_issues,
        )

    @property
    def approval_rules(self) -> "ApprovalRules":
        """Who may approve, and how many have to."""
        from newsletter.issues.approve import ApprovalRules

        return ApprovalRules(
            editors=self.config.editors,
            required=self.config.issue.approvals_required,
            bulletin_required=self.config.issue.bulletin_approvals_required,
        )

    @cached_property
    def sending(self) -> "SendParts":
        """Everything that `send` and `audit` need."""
        from newsletter.issues.drafting.rendered import read_drafts, rendered
        from newsletter.model.issue import is_bulletin
        from newsletter.sending.send_plan import SendParts
        from newsletter.store.processes import is_gone, this_process
        from newsletter.store.senders import SqlSenders
        from newsletter.store.sent_files import SentFiles

        config, keys = self.config, self._suppression_keys
        issue = config.issue
        return SendParts(
            coalition=config.coalition,
            sender=config.sender,
            ledger=self.ledger,
            senders=SqlSenders(self.engine, keys),
            tallies=self.tallies,
            witness=SentFiles(self.files),
            events=self.delivery_events,
            people=self.subscribers,
            issues=self.issues,
            drafts=lambda issue_id: read_drafts(self.issue_sources, issue_id),
            rendered=lambda issue_id: rendered(self.issue_sources, issue_id),
            consents=self.consents,
            addressing=self._addressing,
            transport=lambda splicer: TRANSPORTS[config.transport.kind](config, splicer),
            transport_name=config.transport.kind,
            process=this_process(),
            is_gone=is_gone,
            clock=lambda: datetime.now(UTC),
            approvals_required=lambda issue_id: (
                issue.bulletin_approvals_required
                if is_bulletin(issue_id)
                else issue.approvals_required
            ),
            rate=config.transport.rate,
            domain_rate=config.transport.domain_rate,
            signer=lambda moment: dkim_signer(config, moment),
            stale_days=issue.stale_days,
            blast_radius=issue.blast_radius,
            publish=self.publish if config.coalition.public_url else None,
        )

    def _addressing(self) -> "Addressing":
        from newsletter.sending.handover import Addressing

        return Addressing(
            links=self.links,
            tokens=self.delivery_tokens,
            message_domain=self.config.sender.address.rpartition("@")[2],
            return_domain=self.config.transport.return_domain,
        )
