"""When a mail to an editor leaves, and with which others in one."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.model.coalition import Editor
from newsletter.model.reminder import KeptReminder, Reminder, ReminderKey, ReminderKind, WantedMail
from newsletter.model.rhythm import Every, Rhythm

GATHERS = timedelta(minutes=5)  # what is found at the time of a summary is in it
_ONCE_A_DAY = Rhythm(every=Every.DAY, at=time(8))


def wanted_mails(
    reminders: Iterable[Reminder],
    editors: Sequence[Editor],
    known: Collection[tuple[ReminderKey, str]],
    *,
    now: datetime,
    zone: ZoneInfo,
    remind: Rhythm,
) -> tuple[WantedMail, ...]:
    """Return the mails that are wanted of these reminders and not known yet."""
    return tuple(
        WantedMail(
            reminder.key,
            editor.name,
            due_at(reminder, editor, now=now, zone=zone, remind=remind),
        )
        for reminder in reminders
        for editor in editors
        if editor.is_to_hear(reminder.key.kind)
        and editor.name not in reminder.not_to
        and (reminder.key, editor.name) not in known
    )


def due_at(
    reminder: Reminder, editor: Editor, *, now: datetime, zone: ZoneInfo, remind: Rhythm
) -> datetime:
    """Return when it leaves: soon, once a day with all other feeds, or with the week's summary;
    never in quiet hours. Of stories the moment is of a whole hour."""
    kind, moment = reminder.key.kind, now + reminder.grace
    if editor.is_weekly and kind.can_wait:
        summary = remind.next_after(now - GATHERS, zone)
        moment = summary + GATHERS if summary else moment
    elif kind is ReminderKind.FEEDS:
        moment = _ONCE_A_DAY.next_after(now, zone) or moment
    elif kind is ReminderKind.STORIES:
        moment = now.replace(minute=0, second=0, microsecond=0)
    return editor.quiet.over(moment, zone) if editor.quiet else moment


def in_mails(
    kept: Sequence[KeptReminder], current: dict[ReminderKey, Reminder], editor: Editor
) -> list[list[KeptReminder]]:
    """Part what is due to one editor into mails: of a kind and an issue each, the most urgent
    first, or what can wait in one for who has it weekly."""
    mails: dict[tuple[int, str], list[KeptReminder]] = {}
    kinds = list(ReminderKind)
    for one in kept:
        if editor.is_weekly and one.key.kind.can_wait:
            mail = (len(kinds), "")
        else:
            issue = str(current[one.key].said.get("issue", ""))
            mail = (kinds.index(one.key.kind), issue)
        mails.setdefault(mail, []).append(one)
    return [mails[mail] for mail in sorted(mails)]
