"""[I/O] The jobs `archive` and `tidy`: what is shown of the past, and what is kept of it."""

from newsletter.jobs.job import JobContext


def publish_archive(context: JobContext) -> None:
    """Write the archive anew, without what may be shown no more."""
    context.workspace.publish_all()


def tidy(context: JobContext) -> None:
    """Delete what is known of runs that ended long ago, and of mails about what is to do; have
    the database's log keep nothing of what was deleted."""
    workspace = context.workspace
    workspace.job_work.delete_old(now=workspace.now())
    workspace.reminders.delete_old(now=workspace.now())
    workspace.empty_log()
