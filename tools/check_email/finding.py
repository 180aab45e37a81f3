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


def counted(letter: str, check: str, measure: str, faults: list[str]) -> Finding:
    """A measure that is green when nothing was found."""
    return Finding(
        letter=letter,
        check=check,
        measure=measure,
        value=str(len(faults)),
        is_green=not faults,
        details=tuple(faults),
    )
