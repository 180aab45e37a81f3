"""The server overwrites what it frees, so that a story does not stay in its memory.

CPython and the C library keep freed memory as it is until somebody else needs it: names were found
in it hours later. The C library can overwrite it, if it is told so before a program starts.
"""

import os
import sys
from pathlib import Path

WIPING = {
    "PYTHONMALLOC": "malloc",  # Python's own allocator never overwrites
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0:glibc.malloc.perturb=165",
}
_PROGRAMS = ("newsletter", "newsletter.pyz", "__main__.py")


def is_the_program() -> bool:
    """Return whether this process is the program itself, not another one that calls it."""
    return Path(sys.argv[0]).name in _PROGRAMS


def start_again_wiping() -> None:
    """Start this program once more in the same process, with memory that is wiped when freed.

    Only on Linux, and only where this is the program itself, not a part of another one.
    """
    if sys.platform == "linux" and is_the_program() and not os.environ.keys() >= WIPING.keys():
        arguments = [sys.executable, *sys.orig_argv[1:]]
        os.execve(sys.executable, arguments, {**WIPING, **os.environ})  # noqa: S606  no shell
