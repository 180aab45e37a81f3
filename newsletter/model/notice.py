"""A single message to one person, in answer to what they just did; never part of an issue."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Rendered and ready. `discreet` asks for the neutral From."""

    address: str
    language: str
    subject: str
    text: str
    html: str
    discreet: bool = False
