"""Python as it is on Windows, as far as Linux can be made like it: in front on PYTHONPATH, this is
run by each process first, and by those that it starts.

What only POSIX has can neither be imported nor called, a folder cannot be opened, to ask for a
process ends it, and a text file without a named encoding is an error.
"""

import os
import pathlib
import shutil
import signal
import sys
from typing import Any

GONE = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline", "curses"}
NOT_THERE = {
    os: ("fchmod", "pread", "pwrite", "fork", "killpg", "setsid", "statvfs"),
    signal: ("setitimer", "getitimer", "alarm", "SIGALRM", "SIGVTALRM", "SIGUSR1", "SIGHUP"),
}


class _Gone:
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in GONE:
            raise ModuleNotFoundError(f"No module named {name!r}: this is no POSIX", name=name)


for gone in GONE:
    sys.modules.pop(gone, None)
sys.meta_path.insert(0, _Gone())  # type: ignore[arg-type]
for module, names in NOT_THERE.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)

_open, _kill = os.open, os.kill


def _open_file(path: Any, flags: int, *more: Any, **named: Any) -> int:
    if not isinstance(path, int) and pathlib.Path(path).is_dir():
        raise PermissionError(13, "Permission denied: a folder cannot be opened", path)
    return _open(path, flags, *more, **named)


def _end_process(pid: int, number: int) -> None:
    of_library = str(sys._getframe(1).f_globals.get("__name__")).startswith("filelock")
    assert number or of_library, "os.kill(pid, 0) sends a Ctrl-C on Windows"
    _kill(pid, number)


os.open, os.kill = _open_file, _end_process
os.supports_effective_ids = set()  # type: ignore[assignment]
shutil._use_fd_functions = False  # type: ignore[attr-defined]  # it opens folders, where that works
