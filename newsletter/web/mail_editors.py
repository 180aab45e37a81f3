"""The mail to the editors that something arrived on the story pages: at most once a day.

Where a worker runs, it mails those who have an address, in their language, within the hour.
"""

import contextlib
import hashlib
from datetime import timedelta

from newsletter.errors import ServiceError
from newsletter.jobs.telling.to_mailbox import something_arrived
from newsletter.jobs.telling.worker_tells import worker_tells
from newsletter.model.reminder import ReminderKind
from newsletter.web.site import Site

_MAILED = hashlib.sha256(b"the editors were mailed").digest()[:16]
_MAIL = "the mail to the editors"
_ONCE = timedelta(days=1)


def mail_editors(here: Site) -> None:
    """Tell the editors that something arrived, after the answer. What arrived is kept already, so
    a database that is away now only means that no mail goes."""
    now, workspace = here.clock(), here.workspace
    with contextlib.suppress(ServiceError):
        if worker_tells(workspace, ReminderKind.STORIES, now=now):
            return
        if workspace.visits.add(_MAILED, 1, until=now + _ONCE, now=now) == 1:
            notice = something_arrived(workspace.notice_renderer)
            here.later.do(lambda: here.mail_editors(notice, _MAIL), _MAIL)
