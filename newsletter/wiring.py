"""The only place that chooses implementations: a workspace's stores, transport and templates."""

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

    from newsletter.rendering.templates import Templates
    from newsletter.stories.folder import StoryFolder
    from newsletter.subscribers.links import Links
    from newsletter.workflow.consents import Consents
    from newsletter.workflow.menu import Menu
    from newsletter.workflow.notice import Notices
    from newsletter.workflow.ports import Post, SubscriberStore


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
    def story_folder(self) -> "StoryFolder":
        """The story files, with what was taken back taken away."""
        from newsletter.stories.folder import StoryFolder

        return StoryFolder(self.root)

    @cached_property
    def consents(self) -> "Consents":
        """The one place that answers whether a story may be used."""
        from newsletter.workflow.consents import Consents

        return Consents(self.story_folder)

    @cached_property
    def subscribers(self) -> "SubscriberStore":
        """People and suppressions."""
        from newsletter.store.subscribers import SqlSubscribers
        from newsletter.subscribers.suppression import SuppressionKeys

        keys = self.secret_keys
        return SqlSubscribers(self.engine, SuppressionKeys(keys) if keys else None)

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

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The newest first; empty where none is set."""
        secrets = self.config.secrets
        return tuple(key for key in (secrets.secret_key, *secrets.older_keys) if key)

    @cached_property
    def templates(self) -> "Templates":
        """The workspace's own templates before the shipped ones."""
        from newsletter.rendering.templates import Templates, template_folders

        return Templates(template_folders(self.root))

    @cached_property
    def page_languages(self) -> tuple[str, ...]:
        """The languages that the public pages speak."""
        from newsletter.rendering.catalogues import PAGES, languages

        return languages(PAGES)

    def page_words(self, language: str) -> "NullTranslations":
        """The words of pages and notices, in that language or in English."""
        from newsletter.rendering.catalogues import PAGES, translations

        return translations(language, PAGES)

    @cached_property
    def menu(self) -> "Menu":
        """The topics and regions that readers may choose from."""
        from newsletter.feeds.registry import read
        from newsletter.store.files import WorkspaceFiles
        from newsletter.workflow.menu import menu_of

        files = WorkspaceFiles(self.root)
        return menu_of(read(files.read("feeds.yaml")) if files.exists("feeds.yaml") else ())

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
        from newsletter.delivery.notice_posts import OutboxPost

        folder = self.root / self.config.transport.path / "notices"
        return OutboxPost(folder, self.config.sender, lambda: datetime.now(UTC))
