"""How fast mail leaves, with the ledger on: SMTP against Postfix's own sender, and SendGrid.

`python -m bench.send [smtp|sendgrid] [PEOPLE...]`. Each figure is of the same run on the same
machine as what it is compared with: a busy machine slows both.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
PORT = 2526
SMTP_PEOPLE = 20_000
SMTP_ROUNDS = 5
SENDGRID_PEOPLE = (10_000, 100_000, 1_000_000)
BYTES = 60_000


def ours(kind: str, port: int, people: int) -> dict[str, float]:
    """One send in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = [kind, str(port), str(people), folder]
        done = subprocess.run(
            [sys.executable, "-m", "bench._send_ours", *arguments],
            cwd=REPOSITORY,
            check=True,
            capture_output=True,
            text=True,
        )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


def postfix(people: int) -> float:
    """Messages a second of smtp-source, over connections that it keeps."""
    begun = time.perf_counter()
    subprocess.run(
        ["smtp-source", "-d", "-s", "20", "-m", str(people), "-l", str(BYTES), f"127.0.0.1:{PORT}"],
        check=True,
    )
    return people / (time.perf_counter() - begun)


def smtp(people: int = SMTP_PEOPLE) -> None:
    """Theirs, ours, theirs, ours, …: what else the machine does meets both. The median counts."""
    if shutil.which("smtp-sink") is None:
        print("smtp: Postfix's smtp-sink is not here (Debian: postfix)")
        return
    ratios = []
    with running(["smtp-sink", "-u", "nobody", f"127.0.0.1:{PORT}", "1000"]):
        time.sleep(0.5)
        before = postfix(people)
        for _ in range(SMTP_ROUNDS):
            figures = ours("smtp", PORT, people)
            after = postfix(people)
            rate = people / figures["seconds"]
            ratios.append(rate / ((before + after) / 2))
            print(
                f"smtp: {people} messages of 60 KB, 20 connections: {rate:,.0f}/s with the ledger "
                f"on; smtp-source {before:,.0f}/s before and {after:,.0f}/s after: "
                f"{ratios[-1]:.2f} times; {figures['cpu'] / people * 1e6:.0f} us of CPU a message; "
                f"peak {figures['peak_mb']:.0f} MB",
                flush=True,
            )
            before = after
    print(f"smtp: median {statistics.median(ratios):.2f} times smtp-source (1)")


def sendgrid(sizes: tuple[int, ...] = SENDGRID_PEOPLE) -> None:
    with running([sys.executable, "-m", "bench._sendgrid_sink"]) as sink:
        assert sink.stdout is not None
        port = int(sink.stdout.readline())
        for people in sizes:
            figures = ours("sendgrid", port, people)
            print(
                f"sendgrid: {people:,} people in {figures['seconds']:.1f} s, freeze and audit "
                f"included: {people / figures['seconds']:,.0f}/s; "
                f"{figures['cpu'] / people * 1e6:.1f} us of CPU a person; "
                f"peak {figures['peak_mb']:.0f} MB",
                flush=True,
            )


def main() -> None:
    """Both, or what is named."""
    kind, *sizes = sys.argv[1:] or ["all"]
    numbers = [int(size) for size in sizes]
    if kind in ("all", "smtp"):
        smtp(*numbers[:1])
    if kind in ("all", "sendgrid"):
        sendgrid(tuple(numbers) or SENDGRID_PEOPLE)


if __name__ == "__main__":
    main()
