"""Processes that tests start: ended with the test whatever happens, never waited for in vain."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PATIENCE = 600.0  # seconds: no measure, only what tells what hangs from a busy machine


@contextmanager
def started(
    command: Sequence[str], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None, **how: Any
) -> Iterator[subprocess.Popen[str]]:
    """A running process, killed at the end of the block if it has not ended by then."""
    with subprocess.Popen(command, cwd=cwd, env=env, text=True, **how) as process:
        try:
            yield process
        finally:
            process.kill()


def until(
    happened: Callable[[], bool],
    process: "subprocess.Popen[str] | None" = None,
    *,
    every: float = 0.01,
) -> None:
    """Wait until that happened, or the process ended; at most `PATIENCE` seconds.

    Other processes tell us nothing: what they write is all there is to see, so it is looked at
    again and again.
    """
    end = time.monotonic() + PATIENCE
    while not happened() and (process is None or process.poll() is None):
        assert time.monotonic() < end, f"nothing happened in {PATIENCE:.0f} s"
        time.sleep(every)


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """So many ports at which nobody listens."""
    with ExitStack() as held:  # all at once, so that none is given twice
        servers = [held.enter_context(socket.create_server((host, 0))) for _ in range(count)]
        return [server.getsockname()[1] for server in servers]


def until_it_listens(port: int, log: Path, process: "subprocess.Popen[Any] | None" = None) -> None:
    """Wait until a mail server takes connections; where it never does, say what it logged."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and (process is None or process.poll() is None):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(log.read_text() if log.exists() else "it did not start")


def children() -> dict[int, str]:
    """The processes that this one has started and that still run: their command lines by id."""
    running: dict[int, str] = {}
    for task in Path("/proc/self/task").glob("*"):
        with suppress(OSError):  # a thread that ends while we look
            for pid in (task / "children").read_text().split():
                with suppress(OSError):  # or a child
                    command = Path(f"/proc/{pid}/cmdline").read_bytes()
                    if command:  # not one that has ended and was not asked for its code yet
                        running[int(pid)] = command.replace(b"\0", b" ").decode(errors="replace")
    return running


class GrowingFile:
    """How many lines a file has that others write to; only what is new is read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._lines = 0

    def lines(self) -> int:
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        self._read += len(new)
        self._lines += new.count(b"\n")
        return self._lines
