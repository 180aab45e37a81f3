"""[I/O] Mails that people asked for: tried until they left, for three days."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from newsletter.errors import MailRefusedError, ServiceError
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
    """Send each mail that is due; return how many were given up: refused, or not able to leave for
    GIVE_UP_AFTER. The log names those by their numbers, and nobody. Others are put off."""
    given_up = 0
    while (notice := queue.take(now=clock(), lease=LEASE)) is not None:
        person = store.get(notice.subscriber_id)
        said = notice.id, notice.kind.value, notice.tries
        try:
            if person is not None:
                _send(notice, person, notices, clock())
                _log.info("mail %d (%s) is done with, at try %d", *said)
        except (ServiceError, MailRefusedError) as error:
            is_young = clock() - notice.asked_at < GIVE_UP_AFTER
            if is_young and isinstance(error, ServiceError):
                pause = PAUSES[min(notice.tries, len(PAUSES)) - 1]
                queue.put_off(notice, until=clock() + pause)
                level = logging.WARNING if notice.tries == 1 else logging.INFO
                _log.log(level, "mail %d (%s) waits after try %d: %s", *said, error.message)
                continue
            given_up += 1
            _log.error("gave up on mail %d (%s) after try %d: %s", *said, error.message)
        queue.drop(notice)
    return given_up


def _send(notice: QueuedNotice, person: Subscriber, notices: Notices, now: datetime) -> None:
    """Send it, unless what was asked for has been answered otherwise meanwhile."""
    is_pending = person.state is SubscriberState.PENDING
    if notice.kind is NoticeKind.CONFIRM and is_pending:
        notices.ask_to_confirm(person, now=now)
    elif notice.kind is NoticeKind.REMIND and not is_pending:
        notices.remind(person)
    elif notice.kind is NoticeKind.LINKS and not is_pending:
        notices.send_links(person, now=now)
