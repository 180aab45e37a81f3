"""[I/O] The jobs that tell editors what there is to do."""

from collections.abc import Iterable
from datetime import datetime

from newsletter.jobs.job import JobContext
from newsletter.jobs.telling.tell import is_anything_due, look_and_write_down, tell
from newsletter.wiring import Workspace


def anything_due(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return one key if something is to be written down or mailed now."""
    return ("",) if is_anything_due(workspace, now=now) else ()


def tell_editors(context: JobContext) -> None:
    """Write down what became so within the hour, and mail all that is due."""
    tell(context.workspace, now=context.workspace.now(), stop=context.stop)


def look(context: JobContext) -> None:
    """Write down all that is so now and that some editor is to hear."""
    look_and_write_down(context.workspace, now=context.workspace.now())
