"""What a storyteller tells the editors by code, as it is sealed to the editors' keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from newsletter.model.consent import Channel

SCHEMA = "newsletter letter 1"
LONGEST = 4_000  # characters: any script fits into the 64 KiB of a form


class Says(StrEnum):
    """What it is about."""

    YES = "yes"
    NO = "no"
    CHANGE = "change this"
    MESSAGE = "message"
    NARROWED = "narrowed"
    RENEWED = "renewed"
    ASKS_TO_RENEW = "asks to renew"


@dataclass(frozen=True, kw_only=True, slots=True)
class FromStoryteller:
    """An answer to a proposal, or a message. `recorded` says that a yes or no holds already.

    `forms` and `proof` are the proposal's; `asked` is what a renewal is for.
    """

    says: Says
    text: str = field(default="", repr=False)
    story_id: str = ""
    language: str = ""
    recorded: bool = False
    forms: Mapping[Channel, str] = field(default_factory=dict)
    proof: str = field(default="", repr=False)
    asked: str = ""

    def as_mapping(self) -> dict[str, Any]:
        """Return what is sealed."""
        names = ("text", "story_id", "language", "recorded", "proof", "asked")
        return {
            "schema": SCHEMA,
            "says": self.says.value,
            **{name: getattr(self, name) for name in names},
            "forms": {channel.value: form for channel, form in self.forms.items()},
        }

    @classmethod
    def from_mapping(cls, sealed: Mapping[str, Any]) -> "FromStoryteller":
        """Return what was sealed. ValueError or KeyError when it is something else."""
        names = ("text", "story_id", "language", "recorded", "proof", "asked")
        return cls(
            says=Says(sealed["says"]),
            **{name: sealed[name] for name in names},
            forms={Channel(channel): form for channel, form in sealed["forms"].items()},
        )
