"""One reminder of each kind and way."""

from newsletter.model.reminder import Reminder, ReminderKey, ReminderKind

ISSUE = "2026-W49"


def reminder(kind: ReminderKind, about: str = "", period: str = "", **said: str | int) -> Reminder:
    return Reminder(key=ReminderKey(kind, about, period), said=said)


def of_issue(kind: ReminderKind, **said: str | int) -> Reminder:
    return reminder(kind, ISSUE, issue=ISSUE, **said)


def trouble(what: str, waiting: int = 3) -> Reminder:
    return of_issue(ReminderKind.SEND_TROUBLE, what=what, waiting=waiting)


def changed(item: str, what: str) -> Reminder:
    about = f"{ISSUE} {item}"
    title = "March on <Saturday> & after"
    return reminder(ReminderKind.SOURCES, about, issue=ISSUE, title=title, what=what)


def feed(member: str, since: str = "2026-11-27") -> Reminder:
    return reminder(ReminderKind.FEEDS, member, since, member=member, since=since)


EACH = (
    trouble("paused"),
    trouble("paused", 1),
    trouble("idle"),
    trouble("idle", 1),
    trouble("stopped"),
    trouble("stopped", 1),
    trouble("day"),
    trouble("day", 1),
    trouble("sums"),
    of_issue(ReminderKind.UNCERTAIN, people=1),
    of_issue(ReminderKind.UNCERTAIN, people=12345),
    of_issue(ReminderKind.APPROVAL, have=0, required=2),
    of_issue(ReminderKind.APPROVAL, have=1, required=2),
    of_issue(ReminderKind.DRAFT),
    of_issue(ReminderKind.SENT, taken=19990, people=20000),
    changed("k3f9", "was removed at its source"),
    changed("k3f9", "was edited at its source"),
    changed("k3f9", "was cancelled at its source"),
    changed("k3f9", "is at another time at its source, 2026-12-05 10:00"),
    changed("k3f9", "is at another place at its source, Plaza"),
    changed("k3f9", "was painted blue"),
    reminder(ReminderKind.STORIES, period="2026-11-30"),
    reminder(ReminderKind.CONSENTS, period="2026-12-24", stories=1),
    reminder(ReminderKind.CONSENTS, period="2026-12-25", stories=2),
    feed("Harbor Legal Aid"),
    reminder(ReminderKind.JOBS, "archive", job="archive", error="the disk is full"),
)
