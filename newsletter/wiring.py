"""The only place that chooses implementations: a workspace's stores, transport and templates."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.config import Config

if TYPE_CHECKING:
    from sqlalchemy import Engine


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
