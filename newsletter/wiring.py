"""The only place that chooses implementations: a workspace's stores, transport and templates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.config import Config

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from newsletter.feeds.fetch import Fetcher
    from newsletter.model.organisation import Organisation
    from newsletter.store.feeds import FeedStore
    from newsletter.store.files import WorkspaceFiles
    from newsletter.store.items import ItemStore
    from newsletter.workflow.pull import PullParts


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

    def pulling(self, advance: Callable[[], None] = lambda: None) -> "PullParts":
        """What a pull works with."""
        from newsletter.feeds.pool import WorkerPool
        from newsletter.workflow.pull import PullParts

        fetcher = self.fetcher()
        return PullParts(
            feeds=self.feeds,
            items=self.items,
            fetcher=fetcher,
            readers=WorkerPool("newsletter.workflow.reading:read", size=self.config.fetch.workers),
            pace=fetcher.pace,
            clock=lambda: datetime.now(UTC),
            advance=advance,
        )
