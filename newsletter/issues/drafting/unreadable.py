"""Every place of a draft that cannot be understood, not only the first."""

from collections import Counter
from pathlib import PurePath

from newsletter.errors import ConfigError
from newsletter.issues.drafting import draft_file

MOST = 30  # places of one file that are named: somebody pasted something else
_FENCE = "---"


def unreadable_places(text: str, *, file: str) -> list[ConfigError]:
    """Return what cannot be understood in a draft, by line; nothing where all can be.

    Each line that is wrong is put out of the way, and the rest read again.
    """
    reading = _Reading(text, file)
    errors: dict[int, ConfigError] = {}
    while len(errors) < MOST and (error := reading.error()) is not None:
        line = error.line or 1
        errors.setdefault(line, error)
        if not reading.put_aside(line):
            break
    return [errors[line] for line in sorted(errors)]


class _Reading:
    """A draft's lines, of which some are put aside; each stays where it is counted."""

    def __init__(self, text: str, file: str) -> None:
        self._lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        self._file = file
        self._language = PurePath(file).stem
        self._has_top = True
        self._tries: Counter[int] = Counter()

    def error(self) -> ConfigError | None:
        """Return the first that cannot be understood of what is left."""
        read = draft_file.read if self._has_top else draft_file.read_block
        try:
            read("\n".join(self._lines), file=self._file)
        except ConfigError as error:
            return error
        return None

    def put_aside(self, number: int) -> bool:
        """Put a line where it does no harm; return whether there was still something to do."""
        self._tries[number] += 1
        if self._has_top and number <= self._end_of_top():
            if 1 < number < self._end_of_top() and self._tries[number] == 1:
                is_language = self._lines[number - 1].startswith("language:")
                self._lines[number - 1] = f"language: {self._language}" if is_language else ""
            else:
                self._without_top()
            return True
        line = self._lines[number - 1].strip()
        marks = line[: len(line) - len(line.lstrip("#"))]
        if self._tries[number] == 1 and len(marks) in (2, 3):
            name = f" {{#line-{number}}}" if len(marks) == 2 else ""
            self._lines[number - 1] = f"{marks} Line {number}{name}"
        else:
            self._lines[number - 1] = ""
        return self._tries[number] <= 2  # given another name, then emptied

    def _end_of_top(self) -> int:
        """The line that closes the top, or the first."""
        closing = (at for at, line in enumerate(self._lines, 1) if line.rstrip() == _FENCE)
        return next((at for at in closing if at > 1), 1)

    def _without_top(self) -> None:
        """What is below is read as a block is."""
        if self._lines[0].strip() == _FENCE:
            end = self._end_of_top()
            self._lines[:end] = [""] * end
        self._has_top = False
