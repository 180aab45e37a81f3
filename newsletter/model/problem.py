"""What `check` finds: it blocks approval, or it warns."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a problem stops approval."""

    BLOCKS = "blocks"
    WARNS = "warns"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One finding. `code` is stable and short; `message` and `hint` are for an editor.

    `about` is the address of the picture it is about, where no line can say so.
    """

    severity: Severity
    code: str
    message: str
    hint: str = ""
    file: str = ""
    line: int | None = None
    about: str = ""

    @property
    def place(self) -> str:
        """Return `file:line`, `file`, or nothing."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file
