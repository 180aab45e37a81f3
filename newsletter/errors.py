"""Every expected error. `cli.main` prints one as a line plus a hint; anything else stays loud.

NewsletterError
├── UsageError       exit 2  the command was called wrongly
├── ConfigError      exit 2  a file editors write is wrong: newsletter.toml, feeds.yaml, a draft
├── AttentionError   exit 1  done, or rightly refused, and someone needs to look
│   └── AlreadyFrozenError   somebody else began the same send at the same moment
└── ServiceError     exit 3  something outside failed: a server, a disk, a database
    └── StoreError           the database did not take it; try again later
        ├── SchemaError exit 2  its tables are not those of this version of the program
        └── AwayError           its server is not reached, and may be back in a moment
"""

from typing import ClassVar


class NewsletterError(Exception):
    """An error with a message for a person, the place it is about and what to do next."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: str, *, hint: str = "", file: str = "", line: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.file = file
        self.line = line

    @property
    def place(self) -> str:
        """Return `file:line`, `file`, or nothing."""
        if self.file and self.line is not None:
            return f"{self.file}:{self.line}"
        return self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class UsageError(NewsletterError):
    """The command was called wrongly."""

    exit_code = 2


class ConfigError(NewsletterError):
    """A file that editors write cannot be understood."""

    exit_code = 2


class AttentionError(NewsletterError):
    """Nothing is broken, but someone needs to look before this continues."""

    exit_code = 1


class AlreadyFrozenError(AttentionError):
    """The audience of that issue was frozen by somebody else meanwhile: there is one to share."""


class ServiceError(NewsletterError):
    """Something outside this program failed."""

    exit_code = 3


class StoreError(ServiceError):
    """The database did not take it: locked, full or unavailable. It may take it later."""


class SchemaError(StoreError):
    """The database's tables are not those of this version of the program: no later try helps."""

    exit_code = 2


class AwayError(StoreError):
    """The database's server ended the connection, or is not reached: it may only be restarted."""
