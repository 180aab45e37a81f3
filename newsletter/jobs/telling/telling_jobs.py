"""[I/O] The jobs that tell editors what there is to do."""

from collections.abc import Iterable
from datetime import datetime

from newsletter.jobs.job import Job, JobContext
from newsletter.jobs.telling.tell import is_anything_due, look_and_write_down, tell
from newsletter.model.job import Queue
from newsletter.model.rhythm import Every, Rhythm
from newsletter.wiring import Workspace


def _due(workspace: Workspace, now: datetime) -> Iterable[str]:
    return ("",) if is_anything_due(workspace, now=now) else ()


def _tell(context: JobContext) -> None:
    tell(context.workspace, now=context.workspace.now(), stop=context.stop)


def _look(context: JobContext) -> None:
    look_and_write_down(context.workspace, now=context.workspace.now())


JOBS = (
    Job(
        name="tell",
        queue=Queue.TELL,
        does="Mails editors what there is to do.",
        run=_tell,
        lock=lambda _key: "editors",
        due=_due,
    ),
    Job(
        name="look-around",
        queue=Queue.TELL,
        does="Looks for what editors are to hear: feeds, sources, consents, stories.",
        run=_look,
        rhythm=lambda _week: Rhythm(every=Every.HOUR),
    ),
)
