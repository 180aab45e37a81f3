"""What editors are to hear, from what is so now. Nothing here remembers what they heard."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.members.health import FeedHealth, Health, OrganisationHealth
from newsletter.model.delivery import ARRIVED_STATES, SendState
from newsletter.model.issue import Approval, issue_id_for
from newsletter.model.job import JobRun, Task
from newsletter.model.reminder import Reminder, ReminderKey, ReminderKind
from newsletter.model.rhythm import Rhythm

if TYPE_CHECKING:  # an idle worker has none of it in memory
    from newsletter.sending.changed_sources import ChangedPiece
    from newsletter.sending.results.audit import Audit

NEWS = timedelta(days=7)  # for so long what happened is news, if nobody could be told before
SETTLES = timedelta(minutes=10)  # a send that stopped has gone on by then, or does not
HALF_A_DAY = timedelta(hours=12)
A_DAY = timedelta(days=1)
_STANDS = {SendState.PAUSED: "paused", SendState.STOPPED: "stopped"}
_TROUBLE = (Health.STRUGGLING, Health.BROKEN, Health.GONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueAtWork:
    """An issue that is not being sent yet: its approvals that count, and when it was first drafted,
    if anything was."""

    issue_id: str
    drafted_at: datetime | None
    approvals: tuple[Approval, ...]
    required: int


def about_send(
    audit: "Audit", *, still_since: datetime, zone: ZoneInfo, now: datetime
) -> Iterable[Reminder]:
    """Tell how a send that nobody is at work for stands: done, stuck, or not adding up; and once
    more when people have waited for a day."""
    send, tally = audit.send, audit.tally
    issue = {"issue": send.issue_id}
    is_over = send.is_over
    if audit.problems:
        what = "sums" if is_over else _STANDS.get(send.state, "idle")
        trouble = Reminder(
            key=ReminderKey(ReminderKind.SEND_TROUBLE, send.issue_id, f"{what} {tally.open}"),
            said={**issue, "what": what, "waiting": tally.open},
            grace=SETTLES,
        )
        yield trouble
        if not is_over and tally.open and now - still_since >= A_DAY:
            key = trouble.key._replace(period=f"a day {tally.open}")
            yield replace(trouble, key=key, said={**trouble.said, "what": "day"})
    if audit.uncertain and (is_over or send.state is SendState.PAUSED):
        key = ReminderKey(ReminderKind.UNCERTAIN, send.issue_id)
        yield Reminder(key=key, said={**issue, "people": len(audit.uncertain)}, grace=SETTLES)
    if audit.is_complete and send.finished_at is not None:
        day = send.finished_at.astimezone(zone).date()
        taken = sum(tally.states.get(state, 0) for state in ARRIVED_STATES)
        key = ReminderKey(ReminderKind.SENT, send.issue_id, day.isoformat())
        yield Reminder(key=key, said={**issue, "taken": taken, "people": tally.audience})


def about_issue(
    issue: IssueAtWork, *, remind: Rhythm, zone: ZoneInfo, now: datetime
) -> Iterable[Reminder]:
    """Tell that its draft is ready, or that approvals are wanted: once one editor gave theirs, or
    when it is time to remind."""
    about = {"issue": issue.issue_id}
    newest = issue.approvals[-1].digest if issue.approvals else ""
    given = [one for one in issue.approvals if one.digest == newest]
    have = frozenset(one.editor for one in given)
    if have:
        if len(have) < issue.required:
            key = ReminderKey(ReminderKind.APPROVAL, issue.issue_id, newest[:40])
            numbers = {"have": len(have), "required": issue.required}
            yield Reminder(key=key, said={**about, **numbers}, not_to=have)
        return
    if issue.drafted_at is None:
        return
    yield Reminder(key=ReminderKey(ReminderKind.DRAFT, issue.issue_id), said=about)
    moment = remind.last_until(now, zone)
    if moment is not None and moment >= issue.drafted_at:
        day = moment.astimezone(zone).date()
        if issue_id_for(day) == issue.issue_id:
            key = ReminderKey(ReminderKind.APPROVAL, issue.issue_id, day.isoformat())
            yield Reminder(key=key, said={**about, "have": 0, "required": issue.required})


def about_sources(pieces: Iterable["ChangedPiece"]) -> Iterable[Reminder]:
    """Tell of each piece that changed after it was mailed, and again when it changes once more."""
    for piece in pieces:
        mark = hashlib.sha256(piece.what.encode()).hexdigest()[:16]
        about = f"{piece.issue_id} {piece.item_id}"
        said = {"issue": piece.issue_id, "title": piece.title, "what": piece.what}
        yield Reminder(key=ReminderKey(ReminderKind.SOURCES, about, mark), said=said)


def about_stories(days: Iterable[date]) -> Iterable[Reminder]:
    """Tell that something arrived and waits: once for each of these days, and nothing of it."""
    for day in sorted(set(days)):
        yield Reminder(key=ReminderKey(ReminderKind.STORIES, period=day.isoformat()))


def about_consents(ends: Iterable[date]) -> Iterable[Reminder]:
    """Tell how many consents end soon, by the day on which they do: no story is named."""
    for day, stories in sorted(Counter(ends).items()):
        key = ReminderKey(ReminderKind.CONSENTS, period=day.isoformat())
        yield Reminder(key=key, said={"stories": stories})


def about_feeds(
    members: Sequence[OrganisationHealth],
    last_asked: dict[str, datetime | None],
    *,
    zone: ZoneInfo,
    now: datetime,
) -> Iterable[Reminder]:
    """Tell of each feed that has had trouble for a second day with which somebody can do something.

    `last_asked` is by address. A feed that recovers and fails again is news again.
    """
    for member in members:
        for feed in member.feeds:
            last = now if feed.health is Health.GONE else last_asked.get(feed.url)  # asked no more
            if feed.since and feed.fix and last and _is_second_day(feed, feed.since, last, zone):
                day = feed.since.astimezone(zone).date().isoformat()
                about = hashlib.sha256(feed.url.encode()).hexdigest()[:32]
                key = ReminderKey(ReminderKind.FEEDS, about, day)
                yield Reminder(key=key, said={"member": member.name, "since": day})


def _is_second_day(feed: FeedHealth, since: datetime, last: datetime, zone: ZoneInfo) -> bool:
    is_later = last.astimezone(zone).date() > since.astimezone(zone).date()
    return feed.health in _TROUBLE and is_later and last - since >= HALF_A_DAY


def about_jobs(failed: Iterable[JobRun], last_done: Mapping[Task, datetime]) -> Iterable[Reminder]:
    """Tell of each task that failed for good: once, until it has gone well in between.

    How a send stands is told by `about_send`, with what there is to do about it.
    """
    for run in failed:
        if run.task.name == "send":
            continue
        well = last_done.get(run.task)
        period = well.date().isoformat() if well else "never"
        key = ReminderKey(ReminderKind.JOBS, str(run.task)[:300], period)
        yield Reminder(key=key, said={"job": str(run.task), "error": run.error})
