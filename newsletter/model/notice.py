"""A single message to one person, in answer to what they just did; never part of an issue."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from newsletter.model.message import InlinePicture


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Rendered and ready. `discreet` asks for the neutral From; `token` names the reader for mail
    that comes back, and is empty where that is no reader. `id` is the same each time for one that
    may leave twice: mail programs then show it once."""

    address: str
    language: str
    subject: str
    text: str
    html: str
    discreet: bool = False
    token: str = ""
    id: str = ""
    pictures: tuple[InlinePicture, ...] = ()


class NoticeKind(StrEnum):
    """What a notice is about."""

    CONFIRM = "confirm"  # the second half of double opt-in
    REMIND = "remind"  # asked to join, and is on the list
    REMIND_DISCREETLY = "remind-discreetly"  # the same, and asked for a neutral sender
    LINKS = "links"  # to what is stored


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuedNotice:
    """A notice that has not left yet. `tries` counts this one."""

    id: int
    subscriber_id: int
    kind: NoticeKind
    asked_at: datetime
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class StuckNotices:
    """How many mails that people asked for wait after a failed try, how many were given up lately,
    and why the last one of them failed."""

    waiting: int
    given_up: int
    reason: str
