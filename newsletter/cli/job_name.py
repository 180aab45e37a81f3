"""The name of a job, as it is typed."""

from typing import TYPE_CHECKING

from newsletter.errors import UsageError

if TYPE_CHECKING:
    from newsletter.jobs.job import Job


def job_named(name: str) -> "Job":
    """Return the job of that name. UsageError with the nearest one when there is none."""
    from newsletter.jobs.registry import JOBS

    if name in JOBS:
        return JOBS[name]
    import difflib

    close = difflib.get_close_matches(name, JOBS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"there are: {', '.join(JOBS)}"
    raise UsageError(f"there is no job {name!r}", hint=hint)
