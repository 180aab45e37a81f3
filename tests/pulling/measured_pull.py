"""Run as a program: pulls the given addresses, prints the peak memory of it and its workers."""

import json
import sys
import threading
from pathlib import Path

from newsletter.config import load
from newsletter.model.organisation import Feed, Organisation
from newsletter.pulling.pull import pull
from newsletter.wiring import Workspace


def resident() -> int:
    """Bytes, of this process and its children."""
    pids = ["self"]
    for task in Path("/proc/self/task").iterdir():
        pids += (task / "children").read_text().split()
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        except OSError:
            continue  # it ended meanwhile
    return total


def main(root: Path, urls: list[str]) -> None:
    members = [
        Organisation(id=f"m{number}", name="M", url="https://m.example", languages=("en",),
                     feeds=(Feed(url=url),))
        for number, url in enumerate(urls)
    ]  # fmt: skip
    workspace = Workspace(config=load(root, {}))
    parts = workspace.pulling()
    peaks, done = [resident()], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            peaks.append(resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    report = pull(members, parts)
    done.set()
    watcher.join()
    results = [outcome.result.value for outcome in report.outcomes]
    sys.stdout.write(json.dumps({"peak": max(peaks), "results": results}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
