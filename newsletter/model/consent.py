"""What a storyteller allowed, and the only place that answers "may we?".

The fields follow ISO/IEC TS 27560 and the Kantara consent receipt; this is the public half, which
holds nothing that identifies the person. No time is finer than a day.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Channel(StrEnum):
    """Where a story may appear; each needs its own yes."""

    EMAIL_EXCERPT = "email_excerpt"
    EMAIL_FULL = "email_full"
    WEB_ARCHIVE = "web_archive"
    SOCIAL = "social"
    PRESS = "press"


class Attribution(StrEnum):
    """How the storyteller is named."""

    ANONYMOUS = "anonymous"
    PSEUDONYM = "pseudonym"
    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"


class PictureConsent(StrEnum):
    """What picture may go with the story."""

    NONE = "none"
    NO_FACE = "no_face"
    ARTWORK = "artwork"
    FACE = "face"


class Edits(StrEnum):
    """What an editor may do to the text."""

    NONE = "none"
    SHORTEN = "shorten"
    FULL = "full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """Yes, and until when."""

    until: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Denied:
    """No, and why, in words for an editor."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """The public half of a consent record. Its status follows from its dates, nothing else."""

    record_id: str
    notice_id: str
    notice_sha256: str
    notice_language: str
    method: str
    valid_from: date
    expires_on: date
    channels: frozenset[Channel]
    languages: frozenset[str]
    attribution: Attribution = Attribution.ANONYMOUS
    attribution_words: str = ""
    picture: PictureConsent = PictureConsent.NONE
    edits: Edits = Edits.NONE
    reuse_by: frozenset[str] = frozenset()
    is_minor: bool = False
    guardian_consent: bool = False
    child_assent: bool = False
    withdrawn_on: date | None = None

    def answer(self, *, channel: Channel, language: str, on: date) -> Allowed | Denied:
        """Whether the story may appear there, in that language, on that day (of sending)."""
        if self.withdrawn_on is not None:
            return Denied(reason=f"withdrawn on {self.withdrawn_on}")
        if on < self.valid_from:
            return Denied(reason=f"consent starts on {self.valid_from}")
        if on > self.expires_on:
            return Denied(reason=f"consent ended on {self.expires_on}")
        if self.is_minor and not (self.guardian_consent and self.child_assent):
            return Denied(reason="a minor's story needs the guardian's consent and the child's yes")
        if channel not in self.channels:
            return Denied(reason=f"no consent for {channel.value.replace('_', ' ')}")
        if language not in self.languages:
            return Denied(reason=f"no consent for the language {language}")
        return Allowed(until=self.expires_on)
