"""`newsletter work` on SQLite and on PostgreSQL, idle and after work: processor, memory.

`python -m bench.work [sqlite|postgresql]`. Against their limits: 1% of a core, 60 MB resident, in
the mean of the two minutes that begin 100 seconds after the last run ended. Proportional memory
counts what processes share once. The work: a pull of 300 feeds from a loopback server, then a send
to 200 people.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from bench.pull import bodies, urls
from bench.shared_send import postgres
from newsletter.jobs.intervals import Pace
from newsletter.model.delivery import SendState
from tests.cli.calling import FEEDS as FIRST
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML
from tests.jobs.sharing import Shared, schedule, shared
from tests.processes import ROOT, until

SECONDS = 120
CORE, MEGABYTES = 0.01, 60
FEEDS, PEOPLE = 300, 200
QUIET = 100.0  # seconds; a pull's readers are kept for up to 90, and a worker rests for 60
TOML = NEWSLETTER_TOML.replace('["127.0.0.1"]', '["127.0.0.0/8"]')
MEMBER = """
  - id: member-{number}
    name: Member {number}
    url: https://member-{number}.example
    languages: [en]
    feeds:
      - {{url: "{url}", kind: news{more}}}
"""


@dataclass
class Worker:
    """A worker that runs, on that issue's workspace."""

    pid: int
    one: Shared

    def processor(self) -> float:
        """Seconds of it that the process took; what reads feeds for it is at work, not idle."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self, kind: str) -> float:
        """`Rss` or `Pss`."""
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(f"{kind}:"):
                return int(line.split()[1]) / 1024
        raise LookupError(kind)

    def rested(self) -> None:
        """Wait until nothing was at work for `QUIET` seconds."""
        since, jobs = time.monotonic(), self.one.workspace.jobs
        while time.monotonic() - since < QUIET:
            if jobs.open():
                since = time.monotonic()
            time.sleep(0.5)

    def measure(self, name: str) -> None:
        """Print what it takes from now on."""
        before, begun = self.processor(), time.monotonic()
        resident, proportional = [], []
        while time.monotonic() - begun < SECONDS:
            time.sleep(1)
            resident.append(self.megabytes("Rss"))
            proportional.append(self.megabytes("Pss"))
        share = (self.processor() - before) / (time.monotonic() - begun)
        mean = statistics.mean(resident)
        print(
            f"{name}: {share:.2%} of a core ({share / CORE:.2f} of the limit), {mean:.1f} MB "
            f"resident ({mean / MEGABYTES:.2f} of the limit; {resident[0]:.1f} first, "
            f"{resident[-1]:.1f} last), {statistics.mean(proportional):.1f} MB proportional"
            f"{connections(self.one.url)}",
            flush=True,
        )


def connections(url: str) -> str:
    """How many a server has open of workers."""
    if not url.startswith("postgresql"):
        return ""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with engine.connect() as connection:
        count = int(connection.scalar(text(query))) - 1
    return f", {count} connections, ours too"


@contextmanager
def feed_server(place: Path) -> Iterator[int]:
    """The port of a server with the feeds of `bench.pull`."""
    (place / "feeds").mkdir()
    bodies(place / "feeds")
    command = [sys.executable, "bench/_feed_server.py", str(place / "feeds"), str(place / "port")]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        until(lambda: (place / "port").exists() and (place / "port").read_text() != "")
        yield int((place / "port").read_text())
    finally:
        server.terminate()
        server.wait()


@contextmanager
def working(one: Shared) -> Iterator[Worker]:
    """A worker, ended at the end of the block, which says how long that took."""
    command = [sys.executable, "-m", "newsletter", "-w", str(one.workspace.root), "work"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **quiet) as process:  # type: ignore[call-overload]
        try:
            yield Worker(process.pid, one)
        finally:
            begun = time.monotonic()
            process.terminate()
            process.wait()
            print(f"ended in {time.monotonic() - begun:.1f} s", flush=True)


def register(one: Shared, port: int, *, more: str = "") -> None:
    """Write the 300 members behind the one that the issue is of."""
    members = [
        MEMBER.format(number=number, url=url, more=more)
        for number, url in enumerate(urls(FEEDS, port).splitlines())
    ]
    first = FIRST.replace("kind: news", "kind: news, paused: true")
    (one.workspace.root / "feeds.yaml").write_text(first + "".join(members))


def measure(name: str, place: Path, url: str) -> None:
    """Print what an idle worker takes before its work and after."""
    (place / "ws").mkdir()
    with (
        feed_server(place) as port,
        shared(place / "ws", url, PEOPLE, TOML) as one,
    ):
        register(one, port, more=", paused: true")
        with working(one) as worker:
            through_work(name, worker, port)


def through_work(name: str, worker: Worker, port: int) -> None:
    """Print what it takes idle, then after each kind of work."""
    one = worker.one
    time.sleep(Pace().rest.total_seconds() + 15)
    worker.measure(f"{name}, before its first run")
    register(one, port)
    until(lambda: len(one.workspace.feeds.states()) >= FEEDS, every=1)
    at_most = worker.megabytes("Rss")
    worker.rested()
    worker.measure(f"{name}, after a pull of {FEEDS} feeds (at work {at_most:.0f} MB)")
    schedule(one)
    until(lambda: one.state is SendState.FINISHED, every=1)
    at_most = worker.megabytes("Rss")
    worker.rested()
    worker.measure(f"{name}, after a send to {PEOPLE} people (at work {at_most:.0f} MB)")


def main() -> None:
    """Measure both, one after the other, or the one that is named."""
    os.environ.update(ENVIRONMENT)
    chosen = sys.argv[1:] or ["sqlite", "postgresql"]
    for kind in chosen:
        with tempfile.TemporaryDirectory() as folder:
            if kind == "sqlite":
                measure("SQLite", Path(folder), "sqlite:///newsletter.db")
                continue
            with postgres() as url:
                measure("PostgreSQL", Path(folder), url)


if __name__ == "__main__":
    main()
