"""One measure of one message."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`check` is the number in docs/email-checks.md; `details` say what is wrong."""

    letter: str
    check: str
    measure: str
    value: str
    is_green: bool
    details: tuple[str, ...] = ()
