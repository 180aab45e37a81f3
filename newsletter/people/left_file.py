"""Who left, was erased, complained or bounced, in a file that no restored database undoes. [I/O]

One JSON object a line, only ever appended to: a keyed hash, why and when; `"why": null` where its
owner asked for mail again. No address is in it, and without the secret key nobody can test one.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.files import append_line
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppression import KeptOut

NAME = "left.jsonl"
_PAGE = 5000
_log = logging.getLogger(__name__)


class LeftFile:
    """The file of one machine: what other machines of the same digest do is in theirs."""

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder

    def note(
        self, keys: Collection[bytes], reason: SuppressionReason | None, now: datetime
    ) -> None:
        """Write down whose addresses must not be mailed, or may be again (None).

        Leaving goes on where the disk refuses it: the database knows, and a restore then does not.
        """
        lines = [
            json.dumps({"key": key.hex(), "why": reason, "at": now.isoformat()}) for key in keys
        ]
        if not lines:
            return
        try:
            folder = self._folder()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            append_line(folder / NAME, "\n".join(lines))
        except (OSError, NewsletterError) as error:
            _log.warning("who left could not be written down outside the database: %s", error)

    def pages(self) -> Iterator[list[KeptOut]]:
        """Yield who is to be kept out, a few thousand at a time: without those who asked for mail
        again, and without what a power cut left of a line."""
        again: set[bytes] = set()
        for line in self._lines():
            again.discard(line.key) if line.reason else again.add(line.key)
        page: list[KeptOut] = []
        for line in self._lines():
            if line.reason and line.key not in again:
                page.append(line)
                if len(page) == _PAGE:
                    yield page
                    page = []
        if page:
            yield page

    def _lines(self) -> Iterator[KeptOut]:
        path = self._folder() / NAME
        if not path.is_file():
            return
        with path.open("rb") as file:
            for raw in file:
                if line := _parsed(raw):
                    yield line


def _parsed(raw: bytes) -> KeptOut | None:
    try:
        said = json.loads(raw)
        return KeptOut(
            key=bytes.fromhex(said["key"]),
            reason=SuppressionReason(said["why"]) if said["why"] else None,
            at=datetime.fromisoformat(said["at"]),
        )
    except (ValueError, KeyError, TypeError):
        return None
