"""This process, and whether another one of this machine still runs."""

import os
import socket
from pathlib import Path

from newsletter.model.ledger import Process
from newsletter.system import IS_POSIX

_ENDED = ("Z", "X")


def this_process() -> Process:
    """Return the running program."""
    pid = os.getpid()
    return Process(host=_host(), pid=pid, started=_started(pid))


def is_gone(process: Process) -> bool | None:
    """Return whether it ended; None when it runs where we cannot look."""
    if process.host != _host():
        return None
    if not IS_POSIX:  # to ask there by `os.kill` would end it
        return False if process.pid == os.getpid() else None
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    # What was killed and was not asked for its exit code has its number still: in a container whose
    # first process asks for none, for ever.
    return _state(process.pid) in _ENDED or process.started != _started(process.pid)


def _host() -> str:
    """What numbers of processes mean something in: this machine, and on Linux this boot of it and
    this container, for names of machines repeat."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        space = Path("/proc/self/ns/pid").readlink()
    except OSError:
        return socket.gethostname()
    return f"{socket.gethostname()} {boot} {space}"


def _started(pid: int) -> str:
    """When a process began, in Linux's clock ticks, so that a number given again is not mistaken;
    empty elsewhere, where the number alone has to do."""
    return _stat(pid)[19]


def _state(pid: int) -> str:
    """What a process is doing, by Linux's letter; empty elsewhere."""
    return _stat(pid)[0]


def _stat(pid: int) -> list[str]:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return [""] * 20
    return stat.rpartition(")")[2].split()
