"""Counts how many replies of a set are read right. `python -m tests.sending.refusals.figures`."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.sending.results.bounces import is_hard


@dataclass(frozen=True)
class Reply:
    """One reply with its right value: is the address done for?"""

    is_hard: bool
    status: str
    text: str

    def __str__(self) -> str:
        return f"{self.status} {self.text}".strip()


@dataclass(frozen=True)
class Figures:
    """How many there are of each kind, and how many of each were taken for hard."""

    hard: int
    found: int
    soft: int
    wrong: int

    @property
    def recall(self) -> float:
        return self.found / self.hard

    @property
    def soft_taken_for_hard(self) -> float:
        return self.wrong / self.soft


def replies(file: Path) -> Iterator[Reply]:
    """The replies of one set."""
    for line in file.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            kind, status, text = line.split("\t")
            yield Reply(is_hard=kind == "hard", status=status, text=text)


def figures(of: Iterable[Reply]) -> Figures:
    """Read each and count."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for each in of:
        counts[each.is_hard, is_hard(each.text, each.status)] += 1
    return Figures(
        hard=counts[True, True] + counts[True, False],
        found=counts[True, True],
        soft=counts[False, True] + counts[False, False],
        wrong=counts[False, True],
    )


if __name__ == "__main__":
    for file in sorted(Path(__file__).parent.glob("*.tsv")):
        found = figures(replies(file))
        sys.stdout.write(
            f"{file.stem}: {found.found} of {found.hard} hard found ({found.recall:.0%}), "
            f"{found.wrong} of {found.soft} soft taken for hard ({found.soft_taken_for_hard:.0%})\n"
        )
