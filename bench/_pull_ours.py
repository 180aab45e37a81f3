"""Run by bench/pull.py: one pull into a workspace; prints seconds, items and peak memory."""

import json
import resource
import sys
import threading
import time
from pathlib import Path

from newsletter.config import load
from newsletter.model.organisation import Feed, Organisation
from newsletter.pulling.pull import pull
from newsletter.wiring import Workspace


def family() -> int:
    """Resident memory of this process and its children, in bytes."""
    pids, total = ["self"], 0
    try:
        children = Path("/proc/self/task")
        for task in children.iterdir():
            pids += (task / "children").read_text().split()
    except OSError:
        pass
    for pid in pids:
        try:
            status = Path(f"/proc/{pid}/statm").read_text().split()
        except OSError:
            continue
        total += int(status[1]) * 4096
    return total


def main(root: Path, urls: list[str]) -> None:
    organisations = [
        Organisation(
            id=f"member-{number}",
            name=f"Member {number}",
            url=f"https://member-{number}.example",
            languages=("en",),
            feeds=(Feed(url=url),),
        )
        for number, url in enumerate(urls)
    ]
    workspace = Workspace(config=load(root, {}))
    workspace.engine.connect().close()  # before the clock starts, as the peer does
    parts = workspace.pulling()
    peak, done = [family()], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak.append(family())

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, own_before = time.perf_counter(), time.process_time()
    report = pull(organisations, parts, even_if_not_due=True)
    seconds = time.perf_counter() - started
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time() - own_before
    done.set()
    watcher.join()
    results: dict[str, int] = {}
    for outcome in report.outcomes:
        results[outcome.result.value] = results.get(outcome.result.value, 0) + 1
    print(
        json.dumps(
            {
                "seconds": seconds,
                "new": report.new,
                "results": results,
                "peak": max(peak),
                "cpu": own + children.ru_utime + children.ru_stime,
                "cpu_own": own,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_text().split())
