"""What is proposed to be printed, word for word, as it is sealed to a storyteller's code."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from newsletter.model.consent import Channel
from newsletter.model.keyed import keyed
from newsletter.model.story import Story

SCHEMA = "newsletter proposal 1"
WHOLE = frozenset(Channel) - {Channel.EMAIL_EXCERPT}  # the website and others show all of it


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownPicture:
    """The picture's file and what is said of it to those who cannot see it."""

    data: bytes = field(repr=False)
    media_type: str
    alt: str = field(repr=False)

    @property
    def address(self) -> str:
        """Return the picture itself as a `data:` address: nobody else is asked for it."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """One language's exact words. `forms` are what a yes binds, by place.

    `proof` comes back with the answer: only who opened this letter knows it.
    """

    story_id: str
    language: str
    title: str = field(repr=False)
    excerpt: str = field(repr=False)
    body: str = field(repr=False)
    name: str = field(repr=False)
    until: date
    forms: Mapping[Channel, str]
    proof: str = field(repr=False)
    picture: ShownPicture | None = None

    @property
    def short_places(self) -> tuple[Channel, ...]:
        """Return where only the short part would appear."""
        return tuple(channel for channel in Channel if channel in self.forms.keys() - WHOLE)

    @property
    def whole_places(self) -> tuple[Channel, ...]:
        """Return where all of it would appear."""
        return tuple(channel for channel in Channel if channel in self.forms.keys() & WHOLE)

    def is_still(self, story: Story) -> bool:
        """Return whether the story has exactly this form everywhere it is proposed for."""
        return self.forms == forms_of(story, self.language, tuple(self.forms))

    def is_agreed(self, story: Story) -> bool:
        """Return whether a yes is on record wherever the consent still allows it."""
        asked = {self.forms[channel] for channel in self.forms.keys() & story.consent.channels}
        return bool(asked) and asked <= {yes.sha256 for yes in story.read_backs}

    def as_mapping(self) -> dict[str, Any]:
        """Return what is sealed."""
        picture = self.picture and {
            "data": base64.b64encode(self.picture.data).decode("ascii"),
            "media_type": self.picture.media_type,
            "alt": self.picture.alt,
        }
        names = ("story_id", "language", "title", "excerpt", "body", "name", "proof")
        return {
            "schema": SCHEMA,
            **{name: getattr(self, name) for name in names},
            "until": self.until.isoformat(),
            "forms": {channel.value: form for channel, form in self.forms.items()},
            "picture": picture,
        }

    @classmethod
    def from_mapping(cls, sealed: Mapping[str, Any]) -> "Proposal":
        """Return what `as_mapping` gave to be sealed."""
        names = ("story_id", "language", "title", "excerpt", "body", "name", "proof")
        picture = sealed["picture"]
        return cls(
            **{name: sealed[name] for name in names},
            until=date.fromisoformat(sealed["until"]),
            forms={Channel(channel): form for channel, form in sealed["forms"].items()},
            picture=ShownPicture(**{**picture, "data": base64.b64decode(picture["data"])})
            if picture
            else None,
        )


def forms_of(story: Story, language: str, channels: Sequence[Channel]) -> dict[Channel, str]:
    """Return the hash that a yes binds, by place."""
    return {channel: story.form_sha256(language=language, channel=channel) for channel in channels}


def proof_of(key: bytes, submission_id: str, forms: Mapping[Channel, str]) -> str:
    """Return what only this coalition's own machine can make of these forms (HMAC-SHA-256).

    Whoever can write into the database can seal a letter to the editors, and none that says yes.
    """
    bound = ["newsletter answer 1", submission_id]
    bound += [f"{channel.value}={form}" for channel, form in sorted(forms.items())]
    return keyed(key, "\n".join(bound))
