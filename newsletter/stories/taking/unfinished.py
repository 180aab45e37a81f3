"""[I/O] What was told so far, sealed to the editors' keys until the interview is over.

A file an interview, outside the workspace, replaced after each answer: a kill, a closed terminal or
a power cut loses nothing, and nothing lies on the disk in clear. Whoever takes a story may have no
key; an editor who has one goes on with it.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from newsletter.errors import ServiceError, UsageError
from newsletter.files import replace_file
from newsletter.stories.keys.vault import reseal, seal, unseal
from newsletter.stories.record.identifiers import new_id

KEPT = timedelta(days=14)
_NAME = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)-(?P<id>[0-9a-z]{10})\.age")


@dataclass(frozen=True, kw_only=True, slots=True)
class Interview:
    """Answers so far, and how they are taken. `repr` shows none of them.

    `language` is that of the questions and the notice, `shown` how the notice was shown, if it was.
    What is submitted again with the same `once` (random) is the same story.
    """

    answers: Mapping[str, str] = field(repr=False)
    language: str
    method: str
    taken_by: str
    shown: str
    shown_on: date
    text_language: str = ""  # not asked yet
    once: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    begun: str = field(default="", repr=False)  # lines of a text that was not ended
    has_picture: bool = False  # there was one; it is not kept with the answers

    def as_mapping(self) -> dict[str, Any]:
        """Return what is sealed."""
        return {
            "schema": "newsletter interview 1",
            "answers": dict(self.answers),
            "language": self.language,
            "method": self.method,
            "taken_by": self.taken_by,
            "shown": self.shown,
            "shown_on": self.shown_on.isoformat(),
            "text_language": self.text_language,
            "begun": self.begun,
            "once": self.once,
            "has_picture": self.has_picture,
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> "Interview":
        """Return what `as_mapping` sealed."""
        return cls(
            answers=mapping["answers"],
            language=mapping["language"],
            method=mapping["method"],
            taken_by=mapping["taken_by"],
            shown=mapping["shown"],
            shown_on=date.fromisoformat(mapping["shown_on"]),
            text_language=mapping["text_language"],
            begun=mapping["begun"],
            once=mapping["once"],
            has_picture=mapping.get("has_picture", False),
        )


class UnfinishedInterviews:
    """The sealed files of one workspace, below its state folder."""

    def __init__(self, state_folder: Path) -> None:
        self._folder = state_folder / "unfinished"

    def begin(self, today: date) -> Path:
        """Return where a new interview will be kept; its name is random, and the day."""
        return self._folder / f"{today.isoformat()}-{new_id()}.age"

    def keep(self, path: Path, interview: Interview, keys: Sequence[str]) -> None:
        """Put what was told in the place of what was told before. ServiceError without space."""
        try:
            replace_file(path, seal(interview.as_mapping(), keys), mode=0o600)
        except OSError as error:
            raise ServiceError(
                f"cannot keep what was told so far: {error.strerror}", file=str(path)
            ) from error

    def ids(self) -> tuple[str, ...]:
        """Return the ids of interviews that were not finished, oldest first."""
        return tuple(match["id"] for match, _ in self._files())

    def find(self, wanted: str) -> Path:
        """Return an interview's file. UsageError when there is none of that id."""
        for match, path in self._files():
            if match["id"] == wanted:
                return path
        waiting = ", ".join(self.ids()) or "none"
        raise UsageError("there is no unfinished story of that id", hint=f"waiting: {waiting}")

    def open(self, wanted: str, identity: str) -> Interview:
        """Return what was told. AttentionError when this key does not open it."""
        return Interview.from_mapping(unseal(self.find(wanted).read_bytes(), identity))

    def seal_again(self, identity: str, keys: Sequence[str]) -> int:
        """Seal each to these keys instead; return how many. A key that was removed opens none.

        AttentionError when `identity` does not open one: those before it are done.
        """
        files = [path for _, path in self._files()]
        for path in files:
            replace_file(path, reseal(path.read_bytes(), identity, keys), mode=0o600)
        return len(files)

    def remove(self, path: Path) -> None:
        """Remove what is not unfinished any more, if it is there."""
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()

    def purge(self, today: date) -> int:
        """Remove what nobody went on with for two weeks; return how many."""
        old = self.past(today)
        for path in old:
            self.remove(path)
        return len(old)

    def past(self, today: date) -> list[Path]:
        """Return those that nobody went on with for two weeks."""
        return [
            path for match, path in self._files() if date.fromisoformat(match["day"]) + KEPT < today
        ]

    def _files(self) -> list[tuple[re.Match[str], Path]]:
        if not self._folder.is_dir():
            return []
        named = ((_NAME.fullmatch(path.name), path) for path in sorted(self._folder.iterdir()))
        return [(match, path) for match, path in named if match is not None]
