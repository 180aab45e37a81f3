"""What asking an address can come to: one type per way it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Hop:
    """One redirect: the status that was answered and where it sent us."""

    status: int
    url: str

    @property
    def is_permanent(self) -> bool:
        """Return whether it is for good: 301 or 308 (RFC 9110, section 15.4)."""
        return self.status in (301, 308)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A body. `url` is where it came from after all hops; header names are lower case."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    hops: tuple[Hop, ...] = ()

    @property
    def content_type(self) -> str:
        """Return the Content-Type header as sent, with its charset, or ""."""
        return self.headers.get("content-type", "")


@dataclass(frozen=True, kw_only=True, slots=True)
class NotModified:
    """304: what we have is still right."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()


class Failure(StrEnum):
    """Why there is no body."""

    REFUSED = "refused"  # the guard: not a public address, an odd port, a password in the address
    UNREACHABLE = "unreachable"  # no such host, no connection, no TLS
    CERTIFICATE_EXPIRED = "certificate expired"  # or not valid yet
    CHAIN_INCOMPLETE = "certificate chain incomplete"
    WRONG_NAME = "certificate for another name"
    SELF_SIGNED = "self-signed certificate"
    OLD_TLS = "old TLS"  # before 1.2
    TIMEOUT = "timeout"
    TOO_LARGE = "too large"
    CUT_SHORT = "cut short"  # the transfer or its compression broke off
    LOOP = "redirect loop"
    GONE = "gone"  # 410
    MISSING = "missing"  # 404
    BUSY = "busy"  # 429, 503: come back later
    DENIED = "denied"  # 401, 402, 403, 451
    STATUS = "status"  # any other answer that is not 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """No body. `reason` is plain language; `url` is where it happened; `body` a challenge's start.

    `retry_after` is the header as sent: seconds or a date.
    """

    kind: Failure
    reason: str
    url: str
    status: int | None = None
    retry_after: str = ""
    hops: tuple[Hop, ...] = ()
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Fetched | NotModified | Failed
