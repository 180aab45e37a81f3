"""[I/O] Looks what is so now that editors are to hear: little each minute, all of it each hour.

What only some looks need is imported by them: an idle worker stays small.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError, ServiceError
from newsletter.jobs.telling.decide import (
    NEWS,
    IssueAtWork,
    about_consents,
    about_feeds,
    about_issue,
    about_jobs,
    about_send,
    about_sources,
    about_stories,
)
from newsletter.model.delivery import Send, SendState
from newsletter.model.issue import issue_id_for, monday_of
from newsletter.model.letter import LetterState
from newsletter.model.reminder import Reminder, ReminderKind
from newsletter.model.submission import SubmissionState
from newsletter.wiring import Workspace

_FRESH = timedelta(hours=1)  # sends that ended since are looked at each minute
_AUDITED = timedelta(days=28)  # older ones are nobody's plan for the week any more
_APPROVED = timedelta(days=14)  # issues of weeks that began since may still go out


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """What is so, and of which kinds nobody could tell, with the reason."""

    reminders: tuple[Reminder, ...]
    unknown: dict[ReminderKind, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Where reminders of some kinds come from. The third argument of `find` is whether to look at
    everything, or only at what may have changed within the hour."""

    kinds: frozenset[ReminderKind]
    each_minute: bool
    find: Callable[[Workspace, datetime, bool], Iterable[Reminder]]


def look_around(workspace: Workspace, now: datetime, *, kinds: Collection[ReminderKind]) -> Sight:
    """Return all that is so of these kinds. ServiceError when the database is away."""
    looks = [look for look in LOOKS if not look.kinds.isdisjoint(kinds)]
    return _see(workspace, now, looks, whole=True)


def glance(workspace: Workspace, now: datetime) -> Sight:
    """Return what may have become so within the hour, by a few questions to the database."""
    return _see(workspace, now, [look for look in LOOKS if look.each_minute], whole=False)


def _see(workspace: Workspace, now: datetime, looks: Iterable[Look], *, whole: bool) -> Sight:
    reminders: list[Reminder] = []
    unknown: dict[ReminderKind, str] = {}
    for look in looks:
        try:
            reminders += look.find(workspace, now, whole)
        except ServiceError:
            raise
        except NewsletterError as error:  # a fault in feeds.yaml keeps no word about a send back
            # Its words may name a story's file.
            unknown |= dict.fromkeys(look.kinds, f"cannot be looked at: {type(error).__name__}")
    return Sight(reminders=tuple(reminders), unknown=unknown)


def _sends(workspace: Workspace, now: datetime, whole: bool) -> Iterable[Reminder]:
    since = now - (_AUDITED if whole else _FRESH)
    for send in workspace.ledger.sends():
        is_old = send.is_over and (send.finished_at or send.frozen_at) < since
        if is_old or _is_at_work(workspace, send, now):
            continue
        from newsletter.sending.results.audit import audit

        zone = workspace.config.coalition.zone
        parts = replace(workspace.sending, clock=lambda: now)
        moved_at = workspace.ledger.last_moved(send.id) or send.due_at or send.frozen_at
        audited = audit(parts, send.issue_id)
        for reminder in about_send(audited, still_since=moved_at, zone=zone, now=now):
            is_news = send.finished_at is not None and send.finished_at >= now - NEWS
            if reminder.key.kind is not ReminderKind.SENT or is_news:
                yield reminder


def _is_at_work(workspace: Workspace, send: Send, now: datetime) -> bool:
    """Whether somebody sends it, or it waits for its time: then nothing is to be told, and its
    people need not be counted each minute."""
    if send.is_over:
        return False
    if send.state is SendState.SCHEDULED and send.due_at is not None and send.due_at > now:
        return True
    left = workspace.ledger.left_behind(send.id, now=now, is_gone=workspace.sending.is_gone)
    return left.living > 0


def _issues(workspace: Workspace, now: datetime, _whole: bool) -> Iterable[Reminder]:
    coalition, remind = workspace.config.coalition, workspace.config.week.remind
    issues, rules = workspace.issues, workspace.approval_rules
    this_week = issue_id_for(coalition.day_of(now))
    oldest = coalition.day_of(now - _APPROVED)
    approved = {one.issue_id for one in issues.approved_digests()}
    for issue_id in sorted({this_week, *(one for one in approved if monday_of(one) >= oldest)}):
        if workspace.ledger.find(issue_id) is not None:
            continue
        offers = issues.offers(issue_id) if issue_id == this_week else ()
        at_work = IssueAtWork(
            issue_id=issue_id,
            drafted_at=min((offer.offered_at for offer in offers), default=None),
            approvals=rules.still_counting(issues.approvals(issue_id)),
            required=rules.required_for(issue_id),
        )
        yield from about_issue(at_work, remind=remind, zone=coalition.zone, now=now)


def _jobs(workspace: Workspace, now: datetime, _whole: bool) -> Iterable[Reminder]:
    failed = workspace.jobs.failed(since=now - NEWS)
    return about_jobs(failed, workspace.jobs.last_done() if failed else {})


def _sources(workspace: Workspace, now: datetime, _whole: bool) -> Iterable[Reminder]:
    from newsletter.sending.changed_sources import changed_since_sent

    return about_sources(changed_since_sent(workspace.sent_pieces, now=now))


def _stories(workspace: Workspace, now: datetime, _whole: bool) -> Iterable[Reminder]:
    since, store = workspace.config.coalition.day_of(now - NEWS), workspace.story_store
    arrived = [
        one.received_on
        for one in store.all()
        if one.state is SubmissionState.WAITING and one.consent.method == "web"
    ]
    letters = store.letters_to_editors()
    arrived += [letter.on for letter in letters if letter.state is LetterState.WAITING]
    return about_stories(day for day in arrived if day >= since)


def _consents(workspace: Workspace, now: datetime, _whole: bool) -> Iterable[Reminder]:
    from newsletter.stories.consent.list_stories import list_stories
    from newsletter.stories.consent.not_here import refuse_without_stories

    refuse_without_stories(workspace.story_services)
    today = workspace.config.coalition.day_of(now)
    listed = list_stories(workspace.consents, workspace.story_folder, today=today)
    return about_consents(row.until for row in listed.ending_soon)


def _feeds(workspace: Workspace, now: datetime, _whole: bool) -> Iterable[Reminder]:
    from newsletter.members.health import health_of

    states = workspace.feeds.states()
    judged = [health_of(member, states, (), now=now) for member in workspace.organisations]
    last_asked = {url: state.last_pulled_at for url, state in states.items()}
    return about_feeds(judged, last_asked, zone=workspace.config.coalition.zone, now=now)


_OF_SENDS = {ReminderKind.SEND_TROUBLE, ReminderKind.UNCERTAIN, ReminderKind.SENT}
_OF_ISSUES = {ReminderKind.DRAFT, ReminderKind.APPROVAL}
LOOKS = (
    Look(kinds=frozenset(_OF_SENDS), each_minute=True, find=_sends),
    Look(kinds=frozenset(_OF_ISSUES), each_minute=True, find=_issues),
    Look(kinds=frozenset({ReminderKind.JOBS}), each_minute=True, find=_jobs),
    Look(kinds=frozenset({ReminderKind.SOURCES}), each_minute=False, find=_sources),
    Look(kinds=frozenset({ReminderKind.STORIES}), each_minute=False, find=_stories),
    Look(kinds=frozenset({ReminderKind.CONSENTS}), each_minute=False, find=_consents),
    Look(kinds=frozenset({ReminderKind.FEEDS}), each_minute=False, find=_feeds),
)
