"""Who left, was erased, complained or bounced, in a file that no restored database undoes. [I/O]

One JSON object a line, only ever appended to: a keyed hash, why and when, and the mark of the
secret key that it is under; `"why": null` where its owner asked for mail again, `given_up` where a
key was. No address is in it, and without the secret key nobody can test one. Lines of before 0.3
have no mark.
"""

import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter.errors import NewsletterError
from newsletter.files import append_line
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppression import KeptOut, Untestable, secret_key_mark

NAME = "left.jsonl"
_PAGE = 5000
_log = logging.getLogger(__name__)


class LeftFile:
    """The file of one machine: what other machines of the same digest do is in theirs."""

    def __init__(self, folder: Callable[[], Path], mark: Callable[[], str] = lambda: "") -> None:
        self._folder = folder
        self._mark = mark

    def note(
        self, keys: Collection[bytes], reason: SuppressionReason | None, now: datetime
    ) -> None:
        """Write down whose addresses must not be mailed, or may be again (None); those are hashed
        under the newest secret key.

        Leaving goes on where the disk refuses it: the database knows, and a restore then does not.
        """
        known = {"mark": self._mark()} if reason and self._mark() else {}
        self._append(
            {"key": key.hex(), "why": reason, "at": now.isoformat()} | known for key in keys
        )

    def give_up(self, marks: Collection[str], now: datetime) -> None:
        """Write down that the keys of these marks are lost or leaked."""
        self._append({"given_up": mark, "at": now.isoformat()} for mark in sorted(marks))

    def untestable(self, secret_keys: Sequence[str]) -> Untestable:
        """Return what is kept out under other keys than these, and was not given up."""
        ours = {*map(secret_key_mark, secret_keys), "", *self._given_up()}
        found = {one.key: one.mark for page in self.pages() for one in page if one.mark not in ours}
        return Untestable(count=len(found), marks=frozenset(found.values()))

    def _append(self, entries: Iterable[Mapping[str, str | None]]) -> None:
        lines = [json.dumps(entry) for entry in entries]
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
        return filter(None, map(_parsed, self._entries()))

    def _given_up(self) -> Iterator[str]:
        return (str(entry["given_up"]) for entry in self._entries() if "given_up" in entry)

    def _entries(self) -> Iterator[dict[str, Any]]:
        path = self._folder() / NAME
        if not path.is_file():
            return
        with path.open("rb") as file:
            for raw in file:
                with suppress(ValueError, RecursionError):  # what a power cut left of a line
                    entry = json.loads(raw)
                    if isinstance(entry, dict):
                        yield entry


def _parsed(said: Mapping[str, Any]) -> KeptOut | None:
    try:
        return KeptOut(
            key=bytes.fromhex(said["key"]),
            reason=SuppressionReason(said["why"]) if said["why"] else None,
            at=datetime.fromisoformat(said["at"]),
            mark=str(said.get("mark", "")),
        )
    except (ValueError, KeyError, TypeError):
        return None
