"""CPU of reading the real feeds, beside the same by another checkout of this project, in one run.

    python bench/reading.py [CHECKOUT] [folder of feeds] [--rounds 5]

Each feed is cut to 20 entries and read by two processes in turn, one of each checkout; of each feed
the least CPU of all rounds counts. A ratio under 1 says that this checkout is the quicker one.
`git worktree add CHECKOUT REVISION` makes one. Two runs differ by a hundredth on a busy machine.
"""

import argparse
import gc
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT.parent / "shared" / "corpora" / "real-feeds"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def serve(files: list[Path]) -> None:
    """Read the feed of each number that comes in, and say how many nanoseconds of CPU it took."""
    from bench.pull import cut
    from newsletter.model.answer import Fetched
    from newsletter.model.organisation import Organisation
    from newsletter.pulling.reading import ReadJob, read

    member = Organisation(id="m", name="M", url="https://m.example", languages=("en",))
    url = "https://m.example/feed"
    jobs = [
        ReadJob(
            answer=Fetched(url=url, body=cut(path.read_bytes())),
            feed_url=url,
            organisation=member,
            now=NOW,
            timezone="America/New_York",
        )
        for path in files
    ]
    for job in jobs[:10]:  # what is imported and compiled only once
        read(job)
    gc.freeze()
    for line in sys.stdin:
        gc.collect()
        begun = time.process_time_ns()
        read(jobs[int(line)])
        print(time.process_time_ns() - begun, flush=True)


class Reader:
    """A process that reads with the code of one checkout."""

    def __init__(self, checkout: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).resolve(), "--serve", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(checkout), "PYTHONHASHSEED": "0"},
            text=True,
        )

    def cost(self, number: int) -> int:
        """Return the nanoseconds of CPU that reading one feed took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(number, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("checkout", type=Path, nargs="?")
    options.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    files = sorted(path for path in (chosen.serve or chosen.folder).iterdir() if path.is_file())
    if chosen.serve:
        serve(files)
        return
    checkouts = [ROOT, *([chosen.checkout.resolve()] if chosen.checkout else [])]
    readers = [Reader(checkout, chosen.folder) for checkout in checkouts]
    least = [[sys.maxsize] * len(readers) for _ in files]
    for turn in range(chosen.rounds):
        for number, costs in enumerate(least):
            for which in sorted(range(len(readers)), reverse=bool((turn + number) % 2)):
                costs[which] = min(costs[which], readers[which].cost(number))
    seconds = [sum(costs[which] for costs in least) / 1e9 for which in range(len(readers))]
    print(f"reading {len(files)} feeds: {seconds[0]:.3f} s of CPU here", end="")
    for other in seconds[1:]:
        print(f", {other:.3f} s there, ratio {seconds[0] / other:.3f}", end="")
    print()


if __name__ == "__main__":
    main()
