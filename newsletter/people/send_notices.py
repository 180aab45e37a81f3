"""[I/O] Mails that people asked for: tried until they left, for three days."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError, ServiceError
from newsletter.model.delivery import Outcome, Refused, Uncertain
from newsletter.model.notice import NoticeKind, QueuedNotice
from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.people.notices import Notices
from newsletter.people.ports import NoticeQueue, SubscriberStore

_log = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=3)  # greylisting takes minutes, a relay may be away for a weekend
LEASE = timedelta(minutes=10)  # what was taken and not heard of since is due again
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))  # then hourly


def send_notices(
    queue: NoticeQueue,
    *,
    store: SubscriberStore,
    notices: Notices,
    clock: Callable[[], datetime],
) -> int:
    """Send each mail that is due; return how many were given up. What cannot leave now, for
    whatever reason, is put off and stops no other; what is refused, or could not leave for
    GIVE_UP_AFTER, is given up. The log names each by its number, and nobody."""
    given_up = 0
    while (notice := queue.take(now=clock(), lease=LEASE)) is not None:
        person = store.get(notice.subscriber_id)
        said = notice.id, notice.kind.value, notice.tries
        try:
            outcome = None if person is None else _send(notice, person, notices, clock())
        except Exception as error:
            # Of what was not foreseen only the kind: its words, or its frames, may name somebody.
            reason = str(error) if isinstance(error, NewsletterError) else type(error).__name__
            if clock() - notice.asked_at < GIVE_UP_AFTER:
                pause = PAUSES[min(notice.tries, len(PAUSES)) - 1]
                queue.put_off(notice, until=clock() + pause, reason=reason)
                is_new = notice.tries == 1 or not isinstance(error, ServiceError)
                level = logging.WARNING if is_new else logging.INFO
                _log.log(level, "mail %d (%s) waits after try %d: %s", *said, reason)
            else:
                given_up += 1
                queue.give_up(notice, now=clock(), reason=reason)
                _log.error("gave up on mail %d (%s) after try %d: %s", *said, reason)
            continue
        if isinstance(outcome, Refused | Uncertain):  # who waits for it asks again
            given_up += 1
            _log.error("gave up on mail %d (%s) after try %d: %s", *said, outcome.reason)
        else:
            _log.info("mail %d (%s) is done with, at try %d", *said)
        queue.drop(notice)
    return given_up


def _send(
    notice: QueuedNotice, person: Subscriber, notices: Notices, now: datetime
) -> Outcome | None:
    """Send it, unless what was asked for has been answered otherwise meanwhile: then None."""
    is_pending = person.state is SubscriberState.PENDING
    if notice.kind is NoticeKind.CONFIRM and is_pending:
        return notices.ask_to_confirm(person, now=now)
    if notice.kind is NoticeKind.REMIND and not is_pending:
        return notices.remind(person)
    if notice.kind is NoticeKind.REMIND_DISCREETLY and not is_pending:
        return notices.remind(replace(person, discreet=True))
    if notice.kind is NoticeKind.LINKS and not is_pending:
        return notices.send_links(person, now=now)
    return None
