"""`make any-day`: the tests that touch a date, at 16 moments when dates go wrong.

    python -m tools.any_day             all of them
    python -m tools.any_day saturday    those that are named

Debian's faketime sets the clock; what waits keeps the real monotonic one. Which tests: see
tests/dated.py. Exit 1 when a test fails at any moment, or none ran.
"""

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from zoneinfo import ZoneInfo

COALITION = "America/Los_Angeles"  # the zone of the demo and of the tests' workspaces
TURKISH = "tr_TR.UTF-8"
PYTEST = [sys.executable, "-m", "pytest", "-p", "tests.dated", "-p", "no:xdist"]
PYTEST += ["-p", "no:cacheprovider"]
AT_ONCE = 2  # moments: the machine's cores
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A moment in `zone`, on a machine of time zone `tz` and locale `locale`; `why` it is asked."""

    name: str
    at: str
    why: str
    zone: str = COALITION
    tz: str = "UTC"
    locale: str = "C.UTF-8"

    @property
    def epoch(self) -> int:
        """Seconds since 1970; the first of the two when the clocks go back."""
        return int(datetime.fromisoformat(self.at).replace(tzinfo=ZoneInfo(self.zone)).timestamp())


MOMENTS = (
    Moment(name="monday", at="2026-11-30 00:10", why="the first hour of a week"),
    Moment(
        name="tuesday",
        at="2026-12-01 16:10",
        tz=COALITION,
        why="the hour after midnight in UTC: tomorrow there, today in the coalition's zone",
    ),
    Moment(
        name="wednesday", at="2026-12-02 15:59:40", why="midnight in UTC passes while tests run"
    ),
    Moment(name="thursday", at="2026-12-03 23:10", why="the hour before midnight"),
    Moment(name="friday", at="2026-12-04 12:00", why="the day before the demo's Saturday clinic"),
    Moment(
        name="saturday",
        at="2026-12-05 12:00",
        tz=COALITION,
        why="the demo's clinic is a week ahead",
    ),
    Moment(
        name="sunday",
        at="2026-12-06 16:30",
        why="another week in UTC, the old one in the coalition's zone",
    ),
    Moment(
        name="week-ends",
        at="2026-12-13 23:59:40",
        tz=COALITION,
        why="a week begins while the tests run",
    ),
    Moment(
        name="week-53",
        at="2027-01-02 12:00",
        why="the last week of 2026, in 2027: a Saturday too",
    ),
    Moment(name="new-year", at="2026-12-31 23:59:40", why="a year begins while the tests run"),
    Moment(
        name="spring",
        at="2027-03-14 01:59:40",
        tz=COALITION,
        why="the clocks go forward: there is no half past two",
    ),
    Moment(
        name="autumn",
        at="2027-11-07 01:59:40",
        tz=COALITION,
        why="the clocks go back: half past one comes twice",
    ),
    Moment(name="leap-day", at="2028-02-29 12:00", why="a day that next year has not"),
    Moment(
        name="kolkata",
        at="2026-12-21 00:10",
        zone="Asia/Kolkata",
        tz="Asia/Kolkata",
        why="half an hour off, and another day and week than the coalition's",
    ),
    Moment(
        name="turkish",
        at="2026-12-08 12:00",
        tz="Europe/Istanbul",
        locale=TURKISH,
        why="where the small letter of I is another",
    ),
    Moment(name="three-years", at="2029-11-29 12:00", why="what was far in the future is over"),
)


def dated_files() -> list[str]:
    """The files with tests that touch a date: collecting all tests 16 times would take minutes."""
    command = [*PYTEST, "--collect-only", "-q"]  # with the -q of the settings: files only
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    files = re.findall(r"^(tests/\S+\.py): \d+$", done.stdout, re.MULTILINE)
    assert files, done.stdout
    return files


def run(moment: Moment, files: list[str]) -> tuple[bool, str]:
    """Run the tests at that moment: whether all passed, and a line, with what failed below it."""
    done = subprocess.run(
        ["faketime", f"@{moment.epoch}", *PYTEST, *files],
        env={
            **os.environ,
            "REQUIRE_ALL": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ANY_DAY": str(moment.epoch),
            "TZ": moment.tz,
            "LC_ALL": moment.locale,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    last = done.stdout.rstrip().rpartition("\n")[2]
    counts = {word: int(number) for number, word in COUNTS.findall(last)}
    is_green = done.returncode == 0 and set(counts) == {"passed"}
    numbers = ", ".join(f"{number} {word}" for word, number in counts.items()) or "nothing ran"
    where = f"{moment.at} {moment.zone}, TZ={moment.tz}, {moment.locale}"
    line = f"{'ok  ' if is_green else 'FAIL'} {moment.name:<11} {numbers:<22} {where}: {moment.why}"
    return is_green, line if is_green else f"{line}\n{done.stdout}"


def missing() -> str:
    """What this machine lacks; empty when nothing is missing."""
    if shutil.which("faketime") is None:
        return "faketime is not installed: apt-get install faketime"
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=True).stdout
    if TURKISH.lower().replace("-", "") not in known.lower().split():
        made_by = f"apt-get install locales; localedef -i tr_TR -f UTF-8 {TURKISH}"
        return f"the locale {TURKISH} is missing: {made_by}"
    return ""


def main(names: list[str]) -> int:
    """Run the named moments, or all."""
    if lack := missing():
        print(lack, file=sys.stderr)
        return 2
    unknown = set(names) - {moment.name for moment in MOMENTS}
    if unknown:
        print(f"no such moment: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    wanted = [moment for moment in MOMENTS if not names or moment.name in names]
    files = dated_files()
    greens = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for is_green, line in pool.map(run, wanted, repeat(files)):
            print(line, flush=True)
            greens += is_green
    print(f"{greens} of {len(wanted)} moments are green")
    return 0 if greens == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
