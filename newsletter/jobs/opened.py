"""[I/O] A workspace for a worker that runs for weeks: its settings are read again each minute."""

import logging
from collections.abc import Callable

from newsletter.errors import NewsletterError
from newsletter.wiring import Workspace

_log = logging.getLogger(__name__)


class OpenedWorkspace:
    """`now` is the workspace by the settings that could be read last, with one open database."""

    def __init__(self, first: Workspace, open_again: Callable[[], Workspace]) -> None:
        self._current = first
        self._open_again = open_again
        self._fault = ""
        self.has_other_database = False

    @property
    def now(self) -> Workspace:
        """Return it with nothing kept of what was read before but the settings."""
        return self._current.opened_again()

    @property
    def is_as_written(self) -> bool:
        """Return whether it was by the settings that stood there when they were read last."""
        return not (self._fault or self.has_other_database)

    def read_again(self) -> None:
        """Read the settings again; while they cannot be, the last ones count."""
        try:
            config = self._open_again().config
        except NewsletterError as error:
            if str(error) != self._fault:
                _log.warning("the settings before count on: %s", error)
            self._fault = str(error)
            return
        self._fault = ""
        if config == self._current.config:
            return
        if config.database_url != self._current.config.database_url:
            self.has_other_database = True
            return
        _log.info("the settings were changed")
        self._current = self._current.opened_again(config)
