"""What a storyteller allowed, and the only place that answers "may we?".

The fields follow ISO/IEC TS 27560 and the Kantara consent receipt; this is the public half, which
holds nothing that identifies the person. No time is finer than a day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any


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


NOTICE_SHOWN = ("read aloud", "sent", "on paper")  # where there is no page to show it
# Editors are told of an end this long before it; a consent is never extended in silence.
WARN_BEFORE = timedelta(days=30)


_WITHOUT_A_NOTICE = frozenset({"email", "file"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowed:
    """Yes, and until when."""

    until: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Denied:
    """No, and why, in words for an editor."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ThirdParty:
    """Someone else who appears in the story, by role only, and what was done about it."""

    role: str
    settled: str  # agreed | removed | generalised


@dataclass(frozen=True, kw_only=True, slots=True)
class Revocation:
    """What a storyteller took back. It only ever takes away, and is kept outside the database too.

    `withdrawn` takes back everything. Otherwise the named channels, languages, picture or printed
    name are taken back, or the end is moved to an earlier day. `fingerprints` (one a text) let
    us recognise a withdrawn story's words wherever they come from, with the key they are kept under
    (`stories/recognition/fingerprints.py`); `before` are sets of those that 0.2 kept, put under the
    key since. `given` is the day the story came in: what stood elsewhere before is not its words.
    """

    record_id: str
    on: date
    story_id: str = ""
    withdrawn: bool = False
    channels: frozenset[Channel] = frozenset()
    languages: frozenset[str] = frozenset()
    picture: bool = False
    name: bool = False
    until: date | None = None
    fingerprints: tuple[str, ...] = ()
    before: tuple[frozenset[str], ...] = ()
    given: date | None = None
    refused: frozenset[str] = frozenset()

    def limits(self) -> dict[str, Any]:
        """Return what is taken back in plain values for JSON, as the file and the database do."""
        return {
            "withdrawn": self.withdrawn,
            "channels": sorted(self.channels),
            "languages": sorted(self.languages),
            "picture": self.picture,
            "name": self.name,
            "until": self.until.isoformat() if self.until else None,
            "runs": list(self.fingerprints),
            "before": [sorted(digests) for digests in self.before],
            "given": self.given.isoformat() if self.given else None,
        }

    @classmethod
    def of_limits(
        cls, limits: Mapping[str, Any], *, record_id: str, story_id: str, on: date
    ) -> "Revocation":
        """Read what `limits` returned; what is missing is not taken back.

        ValueError, TypeError or AttributeError when it is something else.
        """
        return cls(
            record_id=record_id,
            story_id=story_id,
            on=on,
            withdrawn=limits.get("withdrawn", False),
            channels=frozenset(map(Channel, limits.get("channels", ()))),
            languages=frozenset(limits.get("languages", ())),
            picture=limits.get("picture", False),
            name=limits.get("name", False),
            until=date.fromisoformat(limits["until"]) if limits.get("until") else None,
            fingerprints=tuple(map(str, limits.get("runs", ()))),
            before=tuple(map(frozenset, limits.get("before", ()))),
            given=date.fromisoformat(limits["given"]) if limits.get("given") else None,
        )


class ConsentState(StrEnum):
    """Where a consent stands on a day, for lists."""

    VALID = "valid"
    NOT_YET = "not yet"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """The public half of a consent record. Its status follows from its dates and revocations alone.

    `receipt_hash` is the memory-hard hash of the code the storyteller holds. `ended_early` is a
    day that a revocation moved the end to; `expires_on` stays what was given.
    """

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
    ended_early: date | None = None
    receipt_hash: str = ""
    taken_by: str = ""
    notice_shown: str = ""  # how: on the page, read aloud, ...; older records do not say
    notice_shown_on: date | None = None
    capacity_attested: bool = False
    service_guarantee_read: bool = False
    third_parties: tuple[ThirdParty, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return every field in plain values: words as text, sets as sorted lists; days stay."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @property
    def last_day(self) -> date:
        """Return the last day on which the story may be sent."""
        return min(self.expires_on, self.ended_early or self.expires_on)

    @property
    def was_informed(self) -> bool:
        """Return whether the storyteller got to know the notice, which makes it a consent.

        A page, a call and a meeting begin with the notice. Mail and files do not, and older records
        of them name a notice that nobody was shown: those have to say how it was.
        """
        return bool(self.notice_id) and bool(
            self.notice_shown or self.method not in _WITHOUT_A_NOTICE
        )

    def gives_more_than(self, other: "Consent") -> bool:
        """Return whether it allows a place, language or reprint that the other one does not."""
        return bool(
            self.channels - other.channels
            or self.languages - other.languages
            or self.reuse_by - other.reuse_by
        )

    def beyond(self, given: "Consent") -> tuple[str, ...]:
        """Return what it allows that was not given, in words for an editor; nothing normally.

        For a file that somebody edited. The name to print and other people are not compared:
        `given` is what the database keeps, which does not have them.
        """
        more = [
            channel.value.replace("_", " ")
            for channel in sorted(self.channels)
            if channel not in given.channels
        ]
        more += [f"the language {tag}" for tag in sorted(self.languages - given.languages)]
        more += [f"a reprint by {name}" for name in sorted(self.reuse_by - given.reuse_by)]
        if self.expires_on > given.expires_on:
            more.append(f"until {self.expires_on}")
        if self.picture not in (PictureConsent.NONE, given.picture):
            more.append(f"the picture ({self.picture.value.replace('_', ' ')})")
        if list(Edits).index(self.edits) > list(Edits).index(given.edits):
            more.append(f"edits ({self.edits.value})")
        if given.is_minor and not (
            self.is_minor
            and self.guardian_consent <= given.guardian_consent
            and self.child_assent <= given.child_assent
        ):
            more.append("a minor's story without the yes of both")
        if self.was_informed and not given.was_informed:
            more.append("a consent notice that nobody recorded")
        return tuple(more)

    def state(self, on: date) -> ConsentState:
        """Return where the consent stands on that day."""
        if self.withdrawn_on is not None:
            return ConsentState.WITHDRAWN
        if on > self.last_day:
            return ConsentState.EXPIRED
        return ConsentState.NOT_YET if on < self.valid_from else ConsentState.VALID

    def after(self, revocations: Iterable[Revocation]) -> "Consent":
        """Return what is left of it; neither their order nor a repetition changes that."""
        left = self
        for revocation in revocations:
            days = [day for day in (left.ended_early, revocation.until) if day is not None]
            withdrawals = [left.withdrawn_on, revocation.on if revocation.withdrawn else None]
            left = replace(
                left,
                withdrawn_on=min((day for day in withdrawals if day is not None), default=None),
                ended_early=min(days, default=None),
                channels=left.channels - revocation.channels,
                languages=left.languages - revocation.languages,
                picture=PictureConsent.NONE if revocation.picture else left.picture,
                attribution=Attribution.ANONYMOUS if revocation.name else left.attribution,
                attribution_words="" if revocation.name else left.attribution_words,
            )
        return left

    def answer(self, *, channel: Channel, language: str, on: date) -> Allowed | Denied:
        """Return whether the story may appear there, in that language, on that day (of sending)."""
        if self.withdrawn_on is not None:
            return Denied(reason=f"withdrawn on {self.withdrawn_on}")
        if on < self.valid_from:
            return Denied(reason=f"consent starts on {self.valid_from}")
        if on > self.last_day:
            return Denied(reason=f"consent ended on {self.last_day}")
        if not self.was_informed:
            return Denied(reason="the storyteller has not seen or heard the consent notice")
        if self.is_minor and not (self.guardian_consent and self.child_assent):
            return Denied(
                reason="a minor's story needs the guardian's consent and the child's agreement"
            )
        if channel not in self.channels:
            return Denied(reason=f"no consent for {channel.value.replace('_', ' ')}")
        if language not in self.languages:
            return Denied(reason=f"no consent for the language {language}")
        return Allowed(until=self.last_day)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [asdict(party) for party in value]
    return str(value) if isinstance(value, StrEnum) else value
