"""[I/O] Whether a worker mails the editors, so that nobody else has to."""

from datetime import datetime

from newsletter.model.reminder import ReminderKind
from newsletter.model.silence import WORKER_SILENT
from newsletter.wiring import Workspace


def worker_tells(workspace: Workspace, kind: ReminderKind, *, now: datetime) -> bool:
    """Return whether a worker is at work and some editor is to hear that from it. ServiceError."""
    is_heard = any(editor.is_to_hear(kind) for editor in workspace.config.editors)
    return is_heard and workspace.jobs.has_worker("tell", since=now - WORKER_SILENT)
