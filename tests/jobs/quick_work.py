"""`python -m tests.jobs.quick_work …` is the `newsletter` command, whose workers look each second
for what they look for each minute, and wait seconds for each other where they wait minutes."""

from datetime import timedelta

from newsletter.cli.main import main
from newsletter.jobs import intervals

PACE = intervals.Pace(
    tick=timedelta(seconds=1),
    beat=timedelta(seconds=0.5),
    rescue=timedelta(seconds=1),
    stalled=timedelta(seconds=8),  # a busy machine is silent for some of them
    fetch=timedelta(seconds=0.5),
)

if __name__ == "__main__":
    intervals.Pace = lambda: PACE  # type: ignore[assignment,misc]
    main()
