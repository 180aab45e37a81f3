"""The only place that chooses implementations: a workspace's stores, transport and templates."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.config import Config

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from newsletter.stories.folder import StoryFolder
    from newsletter.workflow.consents import Consents


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
