"""What `make soak` prints and keeps: a line a round, and which combinations are done already."""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import ROOT

FOLDER = os.environ.get("NEWSLETTER_SOAK_FOLDER", "")


def say(line: str) -> None:
    """Print a line at once: pytest shows it with `-s`."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Progress:
    """Tells of each round, where a long run is asked for, and what is left by what is done."""

    def __init__(self, name: str, goal: int) -> None:
        self._name, self._goal, self._began = name, goal, time.monotonic()

    def round(self, done: int, words: str) -> None:
        if not FOLDER:
            return
        took = time.monotonic() - self._began
        left = took / done * (self._goal - done) if done else 0.0
        at = f"{self._name}: {done} of {self._goal}"
        say(f"  {at}, {words}; {took:.0f} s, about {left:.0f} s left")


@contextmanager
def once(name: str) -> Iterator[list[str] | None]:
    """A list for the lines that are printed and kept; None, after printing them again, where this
    combination was done before with the same code."""
    if not FOLDER:
        lines: list[str] = []
        yield lines
        say("\n" + "\n".join(lines))
        return
    path = ROOT / FOLDER / f"{name}.json"
    code = _code()
    known = json.loads(path.read_text()) if path.exists() else {}
    if known.get("code") == code:
        say("\n" + "\n".join(f"{line} (done before)" for line in known["lines"]))
        yield None
        return
    lines = []
    yield lines
    say("\n".join(lines))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"code": code, "lines": lines}))


def _code() -> str:
    """A hash of what is tried and of what tries it."""
    seen = hashlib.sha256()
    for folder in ("newsletter", "tests/sending"):
        for path in sorted(Path(ROOT, folder).rglob("*.py")):
            seen.update(path.read_bytes())
    return seen.hexdigest()
