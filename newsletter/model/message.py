"""What leaves: a rendered edition, and the few fields of it that differ from person to person."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from newsletter.model.approved import ApprovedDigest

# The personal fields of a rendered edition. Everything else is the same bytes for everyone.
LEAVE_URL = "@@leave_url@@"
PREFERENCES_URL = "@@preferences_url@@"
PERSONAL_FIELDS = (LEAVE_URL, PREFERENCES_URL)


@dataclass(frozen=True, kw_only=True, slots=True)
class InlinePicture:
    """A picture that travels inside the message, shown by `cid:`; no host is asked for it.

    `width` and `height` in pixels, 0 when unknown; `alt` and `credit` are the editor's words and
    win over the item's.
    """

    cid: str
    media_type: str
    data: bytes
    width: int = 0
    height: int = 0
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderedEdition:
    """One edition as it will be sent. `story_ids` are asked for consent again at each hand-over.

    A bulletin goes to its `regions` and `topics` only (empty: all), and not after `lapses_at`. A
    correction goes to those who have an issue otherwise than `corrects`: its right words, approved
    with the correction.
    """

    issue_id: str
    language: str
    subject: str
    preheader: str
    html: str
    text: str
    pictures: tuple[InlinePicture, ...] = ()
    story_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    lapses_at: datetime | None = None
    corrects: ApprovedDigest | None = None

    @property
    def digest(self) -> str:
        """Return SHA-256 over what a reader sees and who gets it, each part after its length."""
        parts = [
            self.issue_id.encode(),
            self.language.encode(),
            self.subject.encode(),
            self.preheader.encode(),
            self.html.encode(),
            self.text.encode(),
            "\n".join(self.regions).encode(),
            "\n".join(self.topics).encode(),
            self.lapses_at.astimezone(UTC).isoformat().encode() if self.lapses_at else b"",
        ]
        if self.corrects is not None:  # what was approved before there were any keeps its digest
            parts += [word.encode() for word in self.corrects]
        for picture in self.pictures:
            parts += [picture.cid.encode(), picture.media_type.encode(), picture.data]
        sha = hashlib.sha256()
        for part in parts:
            sha.update(len(part).to_bytes(8, "big"))
            sha.update(part)
        return sha.hexdigest()

    def has_lapsed(self, now: datetime) -> bool:
        """Return whether it is too late to send this."""
        return self.lapses_at is not None and now >= self.lapses_at


def issue_digest(editions: tuple[RenderedEdition, ...]) -> str:
    """Return one digest for all editions of an issue: what an approval is bound to."""
    sha = hashlib.sha256()
    for edition in sorted(editions, key=lambda edition: edition.language):
        sha.update(f"{edition.language}:{edition.digest}\n".encode())
    return sha.hexdigest()


class Message(NamedTuple):
    """One person's copy. `personal` maps each of PERSONAL_FIELDS to this person's value.

    A tuple, being made for each of a million people: a frozen dataclass takes twice as long.

    `delivery_id` is the ledger's row; `message_id` is the same at every attempt and, like
    `return_path`, shows no internal id.
    """

    delivery_id: int
    edition: RenderedEdition
    address: str
    message_id: str
    personal: dict[str, str]
    return_path: str = ""
    discreet: bool = False
