"""What editors hear by mail, and when: each thing once, and not at night."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

_HOURS = re.compile(r"(\d{1,2}):(\d\d) ?[-–] ?(\d{1,2}):(\d\d)")


class ReminderKind(StrEnum):
    """What about. The words are those of `hears` in newsletter.toml."""

    SEND_TROUBLE = "send-trouble"  # it is stuck, or does not add up
    UNCERTAIN = "uncertain"  # nobody knows whether people got it
    APPROVAL = "approval"
    DRAFT = "draft"
    SENT = "sent"
    SOURCES = "sources"  # changed after they were mailed
    STORIES = "stories"  # something arrived
    CONSENTS = "consents"  # end soon
    FEEDS = "feeds"  # have trouble for the second day
    JOBS = "jobs"  # failed for good

    @property
    def can_wait(self) -> bool:
        """Return whether it may wait for a weekly summary."""
        return self not in (ReminderKind.SEND_TROUBLE, ReminderKind.UNCERTAIN)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """From when to when nothing is mailed, by the wall clock; over midnight where it ends first."""

    begins: time
    ends: time

    def over(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return that moment, or the end of the quiet hours that it falls into."""
        local = moment.astimezone(zone)
        clock, day = local.time(), local.date()
        if self.begins < self.ends:
            is_quiet = self.begins <= clock < self.ends
        else:
            is_quiet = clock >= self.begins or clock < self.ends
        if not is_quiet:
            return moment
        if clock >= self.ends:
            day += timedelta(days=1)
        return datetime.combine(day, self.ends, zone).astimezone(moment.tzinfo)

    def __str__(self) -> str:
        return f"{self.begins:%H:%M}-{self.ends:%H:%M}"


NIGHT = QuietHours(begins=time(20), ends=time(8))


def parse_quiet_hours(text: str) -> QuietHours:
    """Return what `20:00-08:00` says. ValueError, in words for people, where it says nothing."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} are no quiet hours")
    hour, minute, last_hour, last_minute = map(int, match.groups())
    if max(hour, last_hour) > 23 or max(minute, last_minute) > 59:
        raise ValueError(f"{text!r} has a time that no clock shows")
    hours = QuietHours(begins=time(hour, minute), ends=time(last_hour, last_minute))
    if hours.begins == hours.ends:
        raise ValueError(f"{text!r} would be the whole day")
    return hours


class ReminderKey(NamedTuple):
    """What makes a reminder one: told once to each editor. A new `period` is news again.

    None of the three names a person or a story."""

    kind: ReminderKind
    about: str = ""
    period: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """One thing that is so now and that editors are to hear; `said` are the words and numbers of
    its sentences. Those in `not_to` know it already. It is mailed if it still is so after
    `grace`."""

    key: ReminderKey
    said: Mapping[str, str | int] = field(default_factory=dict)
    not_to: frozenset[str] = frozenset()
    grace: timedelta = timedelta()


class WantedMail(NamedTuple):
    """A reminder that one editor, by name, is to get when it is due."""

    key: ReminderKey
    editor: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptReminder:
    """One that has not left yet. `tries` counts those that were begun."""

    id: int
    key: ReminderKey
    editor: str
    made_at: datetime
    tries: int


class StuckReminders(NamedTuple):
    """How many mails to an editor wait after a failed try, or were given up lately, and why the
    last one of them failed."""

    editor: str
    waiting: int
    given_up: int
    reason: str
