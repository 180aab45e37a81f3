"""SMTP replies: read from bytes, and what each means for one person's copy."""

import re
from dataclasses import dataclass
from functools import lru_cache

from newsletter.errors import ServiceError
from newsletter.model.delivery import Deferred, Fault, Refused
from newsletter.sending.refusals import fault_of

_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")  # RFC 3463, RFC 2034
_LONGEST = 64 * 1024
_LATER = (Fault.OURS, Fault.LIMIT, Fault.MOMENT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A complete reply. `status` is the enhanced code, empty when the server gives none."""

    code: int
    status: str
    lines: tuple[str, ...]

    @property
    def is_positive(self) -> bool:
        """Return whether it is a 2xx."""
        return 200 <= self.code < 300

    @property
    def text(self) -> str:
        """Return the words on one line, printable, at most 300 characters."""
        return " ".join(self.lines)[:300]

    def __str__(self) -> str:
        return f"{self.code} {self.status + ' ' if self.status else ''}{self.text}".rstrip()


class ReplyReader:
    """Turns the bytes of a connection into replies (RFC 5321 4.2.1), or raises ServiceError."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []

    def feed(self, data: bytes) -> list[Reply]:
        """Return the replies that are complete with these bytes."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST or len(self._lines) > 1000:
            raise ServiceError("the mail server never ends its answer")
        replies = []
        for raw in lines:
            code, goes_on, words = _line(raw)
            self._lines.append(words)
            if not goes_on:
                replies.append(_reply(code, tuple(self._lines)))
                self._lines = []
        return replies


# A server says the same few things over and over.
@lru_cache(maxsize=256)
def _line(raw: bytes) -> tuple[int, bool, str]:
    """Its code, whether the reply goes on, and the words."""
    line = raw.rstrip(b"\r").decode("utf-8", "replace")
    if len(line) < 3 or not line[:3].isdigit() or line[3:4] not in ("", " ", "-"):
        raise ServiceError("something answers, but it is not a mail server")
    return int(line[:3]), line[3:4] == "-", line[4:]


@lru_cache(maxsize=256)
def _reply(code: int, lines: tuple[str, ...]) -> Reply:
    match = _ENHANCED.match(lines[0])
    status = match[1] if match else ""
    words = [_printable(line.removeprefix(status).lstrip() if status else line) for line in lines]
    return Reply(code=code, status=status, lines=tuple(words))


def _printable(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() else " " for char in line)


def refusal(reply: Reply, stage: str) -> Refused | Deferred:
    """Read a reply that is not positive: 4xx is later, 5xx is never (RFC 5321 4.2.1).

    The enhanced code wins where the two disagree: some servers say 550 4.7.1 to put mail off.
    What is wrong with us, or only now, is later whatever its code: it is no fault of the reader's.
    """
    temporary = reply.status.startswith("4.") if reply.status else 400 <= reply.code < 500
    fault = fault_of(reply.text, reply.status)
    words = f"{stage}: {reply}"
    if temporary or reply.code == 421 or fault in _LATER:
        return Deferred(reason=words, fault=fault)
    return Refused(reason=words, code=reply.status or str(reply.code), fault=fault)
