"""The only place that chooses implementations: a workspace's stores, transport and templates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.config import Config
from newsletter.errors import ConfigError

if TYPE_CHECKING:
    from gettext import NullTranslations

    from sqlalchemy import Engine

    from newsletter.delivery.notice_posts import NoticeWriter
    from newsletter.delivery.smtp_session import Server
    from newsletter.delivery.tokens import DeliveryTokens
    from newsletter.delivery.transport import Transport
    from newsletter.feeds.fetch import Fetcher
    from newsletter.feeds.pool import WorkerPool
    from newsletter.model.organisation import Organisation
    from newsletter.rendering.templates import Templates
    from newsletter.store.feeds import FeedStore
    from newsletter.store.files import WorkspaceFiles
    from newsletter.store.issues import IssueStore
    from newsletter.store.items import ItemStore
    from newsletter.stories.folder import StoryFolder
    from newsletter.subscribers.links import Links
    from newsletter.subscribers.suppression import SuppressionKeys
    from newsletter.workflow.approve import ApprovalRules
    from newsletter.workflow.choosing import DraftRules
    from newsletter.workflow.consents import Consents
    from newsletter.workflow.feeds_health import HealthParts
    from newsletter.workflow.handover import Addressing
    from newsletter.workflow.menu import Menu
    from newsletter.workflow.notice import Notices
    from newsletter.workflow.ports import Post, SentIssues, SiteFolder, SubscriberStore
    from newsletter.workflow.pull import PullParts
    from newsletter.workflow.recheck import RecheckParts
    from newsletter.workflow.rendering import IssueSources
    from newsletter.workflow.send_plan import SendParts, SplicerFor
    from newsletter.workflow.story_desk import StoryDesk
    from newsletter.workflow.story_ports import StoryStore


@dataclass(frozen=True)
class Workspace:
    """One opened workspace. Each part is made when first asked for: start-up stays quick."""

    config: Config

    @property
    def root(self) -> Path:
        """The folder that holds newsletter.toml."""
        return self.config.root

    @cached_property
    def engine(self) -> "Engine":
        """The database, migrated."""
        from newsletter.store.database import open_engine
        from newsletter.store.schema import migrate

        engine = open_engine(self.config.database_url, root=self.root)
        migrate(engine)
        return engine

    @cached_property
    def files(self) -> "WorkspaceFiles":
        """The text files below the root."""
        from newsletter.store.files import WorkspaceFiles

        return WorkspaceFiles(self.root)

    @cached_property
    def organisations(self) -> tuple["Organisation", ...]:
        """feeds.yaml, read. ConfigError with file, line and hint."""
        from newsletter.feeds.registry import read

        return read(self.files.read("feeds.yaml"), "feeds.yaml")

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
        """A guarded fetcher with this workspace's limits; use it as an async context manager."""
        from newsletter import __version__
        from newsletter.feeds.addresses import AddressPolicy
        from newsletter.feeds.fetch import Fetcher, Limits
        from newsletter.feeds.pace import HostPace

        settings, coalition = self.config.fetch, self.config.coalition
        contact = self.config.sender.reply_to or self.config.sender.address
        agent = f"newsletter/{__version__} (+{coalition.url}; {contact})"
        return Fetcher(
            policy=AddressPolicy.of(settings.allow_private, settings.allow_ports),
            user_agent=agent.encode("ascii", "ignore").decode(),
            limits=Limits(total_seconds=settings.total_seconds),
            pace=HostPace(settings.host_pause_seconds),
        )

    def readers(self) -> "WorkerPool":
        """Processes that read feeds; use them as an async context manager."""
        from newsletter.feeds.pool import WorkerPool

        return WorkerPool("newsletter.workflow.reading:read", size=self.config.fetch.workers)

    def pulling(self, advance: Callable[[], None] = lambda: None) -> "PullParts":
        """What a pull works with."""
        from newsletter.workflow.pull import PullParts

        fetcher = self.fetcher()
        return PullParts(
            feeds=self.feeds,
            items=self.items,
            fetcher=fetcher,
            readers=self.readers(),
            pace=fetcher.pace,
            clock=self.now,
            timezone=self.config.coalition.timezone,
            advance=advance,
        )

    def rechecking(self) -> "RecheckParts":
        """What asking the sources of chosen items again works with."""
        from newsletter.workflow.recheck import RecheckParts

        return RecheckParts(
            organisations=self.organisations,
            items=self.items,
            fetcher=self.fetcher(),
            readers=self.readers(),
            clock=self.now,
            timezone=self.config.coalition.timezone,
        )

    def health_parts(self) -> "HealthParts":
        """What a feed health report is made of."""
        from newsletter.workflow.feeds_health import HealthParts

        return HealthParts(
            organisations=self.organisations,
            feeds=self.feeds,
            issues=self.issues,
            items=self.items,
            coalition=self.config.coalition.name,
            translations=self.page_words,
            post=lambda: self.post,
        )

    @staticmethod
    def now() -> datetime:
        """This moment, UTC."""
        return datetime.now(UTC)

    @cached_property
    def story_folder(self) -> "StoryFolder":
        """The story files, with what was taken back taken away."""
        from newsletter.stories.folder import StoryFolder

        return StoryFolder(self.root)

    @cached_property
    def consents(self) -> "Consents":
        """The one place that answers whether a story may be used."""
        from newsletter.workflow.consents import Consents

        return Consents(self.story_folder, self.story_store)

    @cached_property
    def story_store(self) -> "StoryStore":
        """Sealed submissions, what was taken back, and the chain of consent events."""
        from newsletter.store.stories import SqlStories

        return SqlStories(self.engine)

    @cached_property
    def story_desk(self) -> "StoryDesk":
        """What the verbs about stories work on."""
        from newsletter.store.files import WorkspaceFiles
        from newsletter.stories.anchors import NAME, Anchors
        from newsletter.stories.folder import FOLDER
        from newsletter.workflow.story_desk import StoryDesk

        coalition = self.config.coalition
        pages = coalition.public_url
        return StoryDesk(
            files=WorkspaceFiles(self.root),
            folder=self.story_folder,
            store=self.story_store,
            anchors=Anchors(self.root / FOLDER / NAME),
            coalition=coalition.name,
            withdraw_at=f"{pages}/stories/withdraw" if pages else coalition.name,
        )

    @cached_property
    def issues(self) -> "IssueStore":
        """What was offered, approved and used."""
        from newsletter.store.issues import IssueStore

        return IssueStore(self.engine)

    @cached_property
    def sent_issues(self) -> "SentIssues":
        """Which issues went out."""
        from newsletter.store.ledger import SqlLedger

        return SqlLedger(self.engine, self._suppression_keys)

    def published_folder(self, folder: Path | None = None) -> "SiteFolder":
        """Where the archive is written: `site/`, or the folder named."""
        from newsletter.store.site import PublishedFolder

        return PublishedFolder(folder or self.root / "site")

    @cached_property
    def templates(self) -> "Templates":
        """The design: the workspace's own parts over the shipped ones."""
        from newsletter.rendering.templates import Templates, template_folders

        return Templates(template_folders(self.root))

    @cached_property
    def issue_sources(self) -> "IssueSources":
        """Everything that an issue's bytes depend on."""
        from newsletter.workflow.rendering import IssueSources

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
        from newsletter.model.coalition import USUAL_SECTIONS
        from newsletter.workflow.choosing import DraftRules

        issue = self.config.issue
        return DraftRules(
            sections=issue.sections or USUAL_SECTIONS,
            organisation_cap=issue.organisation_cap,
            rotation_issues=issue.rotation_issues,
        )

    @property
    def approval_rules(self) -> "ApprovalRules":
        """Who may approve, and how many have to."""
        from newsletter.workflow.approve import ApprovalRules

        return ApprovalRules(
            editors=self.config.editors,
            required=self.config.issue.approvals_required,
            bulletin_required=self.config.issue.bulletin_approvals_required,
        )

    @cached_property
    def subscribers(self) -> "SubscriberStore":
        """People and suppressions."""
        from newsletter.store.subscribers import SqlSubscribers

        return SqlSubscribers(self.engine, self._suppression_keys)

    @cached_property
    def links(self) -> "Links":
        """Personal links. ConfigError without the secret key or the pages' public address."""
        from newsletter.subscribers.links import Links

        if not self.secret_keys:
            raise ConfigError(
                "NEWSLETTER_SECRET_KEY is not set, so no leave link can be made",
                hint="set it to the key of this workspace; newsletter doctor says more",
            )
        if not self.config.coalition.public_url:
            raise ConfigError(
                "there is no public address for the leave links",
                file="newsletter.toml",
                hint='add url = "https://…" under [web]: where `newsletter serve` is reached',
            )
        return Links(self.secret_keys, self.config.coalition.public_url)

    @cached_property
    def sending(self) -> "SendParts":
        """Everything that `send`, `audit` and `report` need."""
        from newsletter.model.issue import is_bulletin
        from newsletter.store.ledger import SqlLedger
        from newsletter.store.processes import is_gone, this_process
        from newsletter.store.provider_events import SqlDeliveryEvents
        from newsletter.store.senders import SqlSenders
        from newsletter.store.tallies import SqlTallies
        from newsletter.workflow.rendering import read_drafts, rendered
        from newsletter.workflow.send_plan import SendParts

        config, keys = self.config, self._suppression_keys
        issue = config.issue
        return SendParts(
            coalition=config.coalition,
            sender=config.sender,
            ledger=SqlLedger(self.engine, keys),
            senders=SqlSenders(self.engine, keys),
            tallies=SqlTallies(self.engine),
            events=SqlDeliveryEvents(self.engine),
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
            stale_days=issue.stale_days,
            blast_radius=issue.blast_radius,
        )

    @cached_property
    def delivery_tokens(self) -> "DeliveryTokens":
        """Names of deliveries for the outside. ConfigError without the secret key."""
        from newsletter.delivery.tokens import DeliveryTokens

        if not self.secret_keys:
            raise ConfigError(
                "NEWSLETTER_SECRET_KEY is not set, so no delivery can be named",
                hint="set it to the key of this workspace; newsletter doctor says more",
            )
        return DeliveryTokens(self.secret_keys)

    def _addressing(self) -> "Addressing":
        from newsletter.workflow.handover import Addressing

        return Addressing(
            links=self.links,
            tokens=self.delivery_tokens,
            message_domain=self.config.sender.address.rpartition("@")[2],
            return_domain=self.config.transport.return_domain,
        )

    @property
    def _suppression_keys(self) -> "SuppressionKeys | None":
        from newsletter.subscribers.suppression import SuppressionKeys

        return SuppressionKeys(self.secret_keys) if self.secret_keys else None

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The newest first; empty where none is set."""
        secrets = self.config.secrets
        return tuple(key for key in (secrets.secret_key, *secrets.older_keys) if key)

    @cached_property
    def page_languages(self) -> tuple[str, ...]:
        """The languages that the public pages speak: the coalition's that have a catalogue."""
        from newsletter.rendering.catalogues import PAGES, languages

        known = languages(PAGES)
        primary = dict.fromkeys(tag.split("-")[0] for tag in self.config.coalition.languages)
        return tuple(tag for tag in primary if tag in known) or ("en",)

    def page_words(self, language: str) -> "NullTranslations":
        """The words of pages and notices, in that language or in English."""
        from newsletter.rendering.catalogues import PAGES, translations

        return translations(language, PAGES)

    @cached_property
    def menu(self) -> "Menu":
        """The topics and regions that readers may choose from."""
        from newsletter.workflow.menu import menu_of

        return menu_of(self.organisations if self.files.exists("feeds.yaml") else ())

    @cached_property
    def notices(self) -> "Notices":
        """Single mails that somebody just asked for."""
        from newsletter.workflow.notice import Notices

        return Notices(
            post=self.post,
            links=self.links,
            templates=self.templates,
            translations=self.page_words,
            coalition=self.config.coalition,
        )

    @cached_property
    def post(self) -> "Post":
        """How they leave: the way of the issues."""
        from newsletter.delivery.notice_posts import NoticeWriter

        writer = NoticeWriter(self.config.sender, lambda: datetime.now(UTC))
        return POSTS[self.config.transport.kind](self.config, writer)


def _outbox(config: Config, splicer: "SplicerFor") -> "Transport":
    from newsletter.delivery.outbox import Outbox

    return Outbox(config.root / config.transport.path, splicer)


def _smtp(config: Config, splicer: "SplicerFor") -> "Transport":
    from newsletter.delivery.smtp import Smtp

    return Smtp(
        _server(config),
        splicer,
        sender=config.sender.address,
        connections=config.transport.connections,
    )


def _server(config: Config) -> "Server":
    from newsletter.delivery.smtp_session import Server

    settings = config.transport
    return Server(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        username=settings.username,
        password=config.secrets.smtp_password,
    )


def _outbox_post(config: Config, writer: "NoticeWriter") -> "Post":
    from newsletter.delivery.notice_posts import OutboxPost

    return OutboxPost(config.root / config.transport.path / "notices", writer)


def _smtp_post(config: Config, writer: "NoticeWriter") -> "Post":
    from newsletter.delivery.notice_posts import SmtpPost

    return SmtpPost(_server(config), writer)


def _sendgrid(config: Config, splicer: "SplicerFor") -> "Transport":
    from newsletter.delivery.sendgrid import Api, Sendgrid

    if not config.secrets.sendgrid_api_key:
        raise ConfigError(
            "SENDGRID_API_KEY is not set", hint="make a key that may send mail, and export it"
        )

    def clock() -> datetime:
        return datetime.now(UTC)

    return Sendgrid(
        Api(config.secrets.sendgrid_api_key, clock=clock),
        config.sender,
        clock=clock,
        request_size=config.transport.request_size,
        connections=config.transport.connections,
    )


def _sendgrid_post(config: Config, _writer: "NoticeWriter") -> "Post":
    from newsletter.delivery.notice_sendgrid import SendgridPost
    from newsletter.delivery.sendgrid import Api

    api = Api(config.secrets.sendgrid_api_key, clock=lambda: datetime.now(UTC))
    return SendgridPost(api, config.sender)


TRANSPORTS: dict[str, "Callable[[Config, SplicerFor], Transport]"] = {
    "outbox": _outbox,
    "smtp": _smtp,
    "sendgrid": _sendgrid,
}


POSTS: dict[str, "Callable[[Config, NoticeWriter], Post]"] = {
    "outbox": _outbox_post,
    "smtp": _smtp_post,
    "sendgrid": _sendgrid_post,
}
