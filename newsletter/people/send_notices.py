"""[I/O] Mails that people asked for: tried until they left, for three days."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError, ServiceError
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
) -> None:
    """Send each mail that is due. What cannot leave now, for whatever reason, is put off and stops
    no other; what could not leave for GIVE_UP_AFTER is given up, and the log says so, naming
    nobody."""
    while (notice := queue.take(now=clock(), lease=LEASE)) is not None:
        person = store.get(notice.subscriber_id)
        try:
            if person is not None:
                _send(notice, person, notices, clock())
        except Exception as error:
            # Of what was not foreseen only the kind: its words, or its frames, may name somebody.
            reason = str(error) if isinstance(error, NewsletterError) else type(error).__name__
            if clock() - notice.asked_at < GIVE_UP_AFTER:
                pause = PAUSES[min(notice.tries, len(PAUSES)) - 1]
                queue.put_off(notice, until=clock() + pause, reason=reason)
                if not isinstance(error, ServiceError):
                    _log.error("a mail that somebody asked for cannot leave: %s", reason)
            else:
                queue.give_up(notice, now=clock(), reason=reason)
                _log.error("gave up on a mail that somebody asked for: %s", reason)
        else:
            queue.drop(notice)


def _send(notice: QueuedNotice, person: Subscriber, notices: Notices, now: datetime) -> None:
    """Send it, unless what was asked for has been answered otherwise meanwhile."""
    is_pending = person.state is SubscriberState.PENDING
    if notice.kind is NoticeKind.CONFIRM and is_pending:
        notices.ask_to_confirm(person, now=now)
    elif notice.kind is NoticeKind.REMIND and not is_pending:
        notices.remind(person)
    elif notice.kind is NoticeKind.LINKS and not is_pending:
        notices.send_links(person, now=now)
