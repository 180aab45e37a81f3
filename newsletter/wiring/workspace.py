"""One opened workspace: everything that the commands and the pages ask for."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.wiring.issues import Issues
from newsletter.wiring.people import People
from newsletter.wiring.transports import TRANSPORTS, dkim_signer

if TYPE_CHECKING:
    from newsletter.archive.published_folder import PublishedFolder
    from newsletter.issues.redact import WithdrawnStoryRedactor
    from newsletter.members.health import OrganisationHealth
    from newsletter.sending.handover import Addressing
    from newsletter.sending.send_plan import SendParts
    from newsletter.store.ledger import SqlLedger
    from newsletter.store.provider_events import SqlDeliveryEvents
    from newsletter.store.tallies import SqlTallies
    from newsletter.stories.consent.after_withdrawal import AfterWithdrawal


@dataclass(frozen=True)
class Workspace(Issues, People):
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
    def after_withdrawal(self) -> "AfterWithdrawal":
        """What follows a withdrawal: issues, and the website if there is one, go without it."""
        from newsletter.stories.consent.after_withdrawal import AfterWithdrawal

        has_site = (self.root / "site" / "index.html").is_file()
        is_known = bool(self.config.coalition.public_url)
        return AfterWithdrawal(
            items=lambda: self.items.each(),
            strike=lambda stops: self.redactor.strike(stops),
            rebuild=self.publish if has_site and is_known else None,
        )

    @property
    def redactor(self) -> "WithdrawnStoryRedactor":
        """What removes withdrawn stories from our records of issues."""
        from newsletter.issues.redact import WithdrawnStoryRedactor

        return WithdrawnStoryRedactor(
            issues=self.issues,
            sent=self.ledger,
            files=self.files,
            coalition=self.config.coalition.name,
        )

    def publish(self) -> None:
        """Write the archive again where `newsletter serve` shows it."""
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
        """What was reported after the hand-over."""
        from newsletter.store.provider_events import SqlDeliveryEvents

        return SqlDeliveryEvents(self.engine)

    def published_folder(self, folder: Path | None = None) -> "PublishedFolder":
        """Return where the archive is written: `site/`, or the folder named."""
        from newsletter.archive.published_folder import PublishedFolder

        return PublishedFolder(folder or self.root / "site")

    @cached_property
    def sending(self) -> "SendParts":
        """Everything that `send` and `audit` need."""
        from newsletter.issues.drafting.rendered import read_drafts, rendered
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
            clock=self.now,
            approvals_required=self.approval_rules.required_for,
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
