"""[I/O] The job `notices`: mails that people asked for and that could not leave."""

from collections.abc import Iterable
from datetime import datetime

from newsletter.jobs.job import JobContext
from newsletter.wiring import Workspace


def notices_due(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return one key where some wait to be tried again."""
    return [""] if workspace.notice_queue.is_due(now) else []


def send_due_notices(context: JobContext) -> None:
    """Send them; what is given up is in the log, and in `doctor`."""
    from newsletter.people.send_notices import send_notices  # asked for each minute, sent rarely

    workspace = context.workspace
    send_notices(
        workspace.notice_queue,
        store=workspace.subscribers,
        notices=workspace.notices,
        clock=workspace.now,
    )
