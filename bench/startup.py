"""How long `newsletter --version` takes, against bare Python that imports click (limit: 2.5x)."""

import statistics
import subprocess
import sys
import time

ROUNDS = 15
LIMIT = 2.5
COMMANDS = {
    "python -c 'import click'": [sys.executable, "-c", "import click"],
    "newsletter --version": [sys.executable, "-m", "newsletter", "--version"],
    "newsletter --help": [sys.executable, "-m", "newsletter", "--help"],
}


def seconds(command: list[str]) -> float:
    """One run, start to end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Alternate the commands, so that the machine's moods meet each of them."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            taken[name].append(seconds(command))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = next(iter(medians.values()))
    for name, median in medians.items():
        print(f"{name:28} {median * 1000:6.0f} ms   {median / base:.2f} times (limit {LIMIT})")


if __name__ == "__main__":
    main()
