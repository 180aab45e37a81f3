"""[I/O] What was answered about a member that is not registered yet, kept until it is."""

import json
from collections.abc import Mapping
from contextlib import suppress

from newsletter.errors import NewsletterError
from newsletter.files import WorkspaceFiles

FILE = ".feeds-add.json"


class KeptAnswers:
    """The answers about one address, by question; a run that was interrupted goes on from them.

    A folder that we may not write costs no more than this.
    """

    def __init__(self, files: WorkspaceFiles, address: str) -> None:
        self._files = files
        self._address = address

    def read(self) -> dict[str, str]:
        """Return what was answered before."""
        answers = self._all().get(self._address)
        return {str(key): str(value) for key, value in answers.items()} if answers else {}

    def keep(self, answers: Mapping[str, str]) -> None:
        """Keep these; none of an address forgets it."""
        with suppress(NewsletterError), self._files.locked(FILE):
            others = {key: value for key, value in self._all().items() if key != self._address}
            everything = others | ({self._address: dict(answers)} if answers else {})
            if everything:
                self._files.write(FILE, json.dumps(everything, ensure_ascii=False, indent=1))
            else:
                self._files.remove(FILE)

    def _all(self) -> dict[str, dict[str, str]]:
        with suppress(NewsletterError, ValueError):
            if self._files.exists(FILE):
                kept = json.loads(self._files.read(FILE))
                if isinstance(kept, dict):
                    return {key: value for key, value in kept.items() if isinstance(value, dict)}
        return {}
