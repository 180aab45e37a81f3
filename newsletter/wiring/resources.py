"""What every part of a workspace needs: its settings, files, database, design and keys."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from newsletter.config import Config, load
from newsletter.design.catalogues import MEMBERS, PAGES, languages, translations
from newsletter.errors import StoreError
from newsletter.files import WorkspaceFiles
from newsletter.lasting.stage import refuse_interrupted
from newsletter.model.language import first_same
from newsletter.model.suppression import SuppressionKeys
from newsletter.wiring.key_check import give_up_other_keys, refuse_other_keys
from newsletter.wiring.state_folder import StateFolder

if TYPE_CHECKING:
    from gettext import NullTranslations

    from sqlalchemy import Engine

    from newsletter.design.notice import NoticeRenderer
    from newsletter.design.templates import Templates
    from newsletter.model.logo import LogoFile
    from newsletter.model.organisation import Organisation
    from newsletter.store.real_tables import Difference
    from newsletter.store.secret_key_marks import SqlSecretKeyMarks


@dataclass(frozen=True)
class WorkspaceResources:
    """A workspace's settings, files, database, design and keys, each made when first asked for."""

    config: Config

    @classmethod
    def open(
        cls, root: Path, environ: Mapping[str, str], *, is_restored_half: bool = False
    ) -> Self:
        """Open the workspace in that folder. ConfigError where there is none, AttentionError while
        a restore of it is not whole, unless that `is_restored_half` is known."""
        if not is_restored_half:
            refuse_interrupted(root)
        return cls(config=load(root, environ))

    def opened_again(self, config: Config | None = None) -> Self:
        """Return the same workspace with the database that is open, and everything else to be
        read again, by other settings perhaps: for work that goes on for days, beside other work."""
        again = type(self)(config=config or self.config)
        again.__dict__["engine"] = self.engine
        return again

    @property
    def root(self) -> Path:
        """The folder that holds newsletter.toml."""
        return self.config.root

    @cached_property
    def engine(self) -> "Engine":
        """The database, migrated. SchemaError where that cannot be."""
        from newsletter.store.schema import migrate

        engine = self.database_as_it_is
        migrate(engine, lambda: self.state_folder.recognition_key(), today=self.today)
        return engine

    @cached_property
    def database_as_it_is(self) -> "Engine":
        """The database of whatever version, opened and not looked at."""
        from newsletter.store.database import open_engine

        return open_engine(self.config.database_url, root=self.root)

    def empty_log(self) -> None:
        """Have SQLite's log keep nothing of what was deleted while others were at it."""
        from newsletter.store.database import truncate_wal

        truncate_wal(self.engine)

    def seen_at_work(self) -> AbstractContextManager[None]:
        """Have a restore find that this program runs, while the block does."""
        from newsletter.store.presence import seen_at_work

        return seen_at_work(self.database_as_it_is)

    def unwritable_database(self) -> Path | None:
        """Return which file or folder of a SQLite database this process may not write."""
        from newsletter.store.database_files import unwritable_file

        return unwritable_file(self.database_as_it_is)

    def database_differences(self) -> "tuple[Difference, ...]":
        """Return where its real tables are not as the code expects, if it says that they should be.

        StoreError when it does not answer, or is not one of ours."""
        from newsletter.store.schema import what_differs

        return what_differs(self.database_as_it_is)

    @cached_property
    def state_folder(self) -> StateFolder:
        """What must outlive a restored workspace, whether or not it is whole (`insist`).

        Made here only where nothing can have been lost: no story, no send, on disk or in the
        database. ConfigError when the workspace's id is damaged.
        """
        folder = StateFolder.of(self.root, self.config.state)
        return folder.make(self.root) if folder.lost and not self._has_history() else folder

    def begin_state(self) -> StateFolder:
        """Make the state folder of a workspace that was made just now. ServiceError."""
        folder = StateFolder.of(self.root, self.config.state, is_first=True)
        return folder.make(self.root)

    def _has_history(self) -> bool:
        from newsletter.store.state_marks import has_history

        patterns = ("stories/*.md", "stories/*.jsonl", "stories/chain.txt", "issues/*/sent.json")
        if any(next(self.root.glob(pattern), None) for pattern in patterns):
            return True
        try:
            return has_history(self.config.database_url, self.root)
        except StoreError:  # nobody knows
            return True

    @cached_property
    def files(self) -> WorkspaceFiles:
        """The text files below the root."""
        return WorkspaceFiles(self.root)

    @cached_property
    def organisations(self) -> tuple["Organisation", ...]:
        """feeds.yaml, read. ConfigError with file, line and hint."""
        from newsletter.members.load import members

        return members(self.files)

    def organisation_named(self, name: str) -> "Organisation":
        """Return the member of that id. UsageError with the nearest id when there is none."""
        from newsletter.members.registry import organisation_named

        return organisation_named(self.organisations, name)

    @cached_property
    def templates(self) -> "Templates":
        """The design: the workspace's own parts over the shipped ones."""
        from newsletter.design.templates import Templates, template_folders

        return Templates(template_folders(self.root))

    @cached_property
    def logo(self) -> "LogoFile":
        """The coalition's logo, or what is wrong with it."""
        from newsletter.design.logo import read_logo

        return read_logo(self.files, self.config.coalition)

    @cached_property
    def notice_renderer(self) -> "NoticeRenderer":
        """What makes single mails look like the issues."""
        from newsletter.design.notice import NoticeRenderer

        return NoticeRenderer(
            templates=self.templates,
            coalition=self.config.coalition,
            sender=self.config.sender,
            logo=self.logo.logo,
        )

    @cached_property
    def page_languages(self) -> tuple[str, ...]:
        """The languages that the public pages speak: the coalition's that have a catalogue."""
        spoken = (first_same(tag, languages(PAGES)) for tag in self.config.coalition.languages)
        return tuple(dict.fromkeys(filter(None, spoken))) or ("en",)

    def page_words(self, language: str) -> "NullTranslations":
        """Return the catalogue of pages and notices in that language, or in English."""
        return translations(language, PAGES)

    def member_words(self, language: str) -> "NullTranslations":
        """Return the catalogue of messages to members in that language, or in English."""
        return translations(language, MEMBERS)

    @cached_property
    def secret_keys(self) -> tuple[str, ...]:
        """The newest first; empty where none is set. ConfigError when the database was used with
        another one."""
        keys = self.config.secrets.keys
        if keys:
            refuse_other_keys(self.root, keys, self._secret_key_marks)
        return keys

    def give_up_other_keys(self) -> None:
        """Forget that the database was used with secret keys that are not set here."""
        give_up_other_keys(self.root, self.config.secrets.keys, self._secret_key_marks)

    @property
    def _secret_key_marks(self) -> "SqlSecretKeyMarks":
        from newsletter.store.secret_key_marks import SqlSecretKeyMarks

        return SqlSecretKeyMarks(self.engine)

    @property
    def _suppression_keys(self) -> SuppressionKeys | None:
        return SuppressionKeys(self.secret_keys) if self.secret_keys else None

    @staticmethod
    def now() -> datetime:
        """Return this moment, UTC."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the day where the coalition is."""
        return self.config.coalition.day_of(self.now())
