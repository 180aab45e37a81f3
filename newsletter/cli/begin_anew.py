"""A worker that has rested begins anew in the same process, and goes on as the same worker.

What its last work has loaded is gone then: see docs/decisions/0906.
"""

import logging
import os
import sys
from typing import TYPE_CHECKING

from newsletter.cli.output import note
from newsletter.cli.ready_signal import say_alive
from newsletter.cli.wiped_memory import is_the_program
from newsletter.cli.workspace import Workspace, open_workspace
from newsletter.errors import NewsletterError
from newsletter.system import IS_POSIX, begin_anew, hold_signals, let_signals_through

if TYPE_CHECKING:
    from newsletter.jobs.handed_on import HandedOn
    from newsletter.sending.stop_signal import StopSignal

_log = logging.getLogger(__name__)
_VARIABLE = "NEWSLETTER_WORKER_GOES_ON"


def can_begin_anew() -> bool:
    """Return whether this is the program itself, on a system where a process can."""
    return IS_POSIX and is_the_program()


def taken_on() -> "HandedOn | None":
    """Return what this process handed on to itself, once; None in one that begins for the first
    time. The signals that it was to hear are still held."""
    text = os.environ.pop(_VARIABLE, "")
    if not text:
        return None
    from newsletter.jobs.handed_on import HandedOn

    before = HandedOn.of(text)
    return before if before.pid == os.getpid() else None


def open_patiently(stop: "StopSignal", database: str) -> Workspace | None:
    """Open the workspace of a worker that goes on: it has to wait where somebody saves half a file
    or restarts the database just then. None where the settings name another database by now, which
    is left alone; NewsletterError when it is to end meanwhile."""
    from newsletter.jobs.handed_on import digest_of

    fault = ""
    while True:
        try:
            workspace = open_workspace()
            if digest_of(workspace.config.database_url) != database:
                return None
            workspace.secret_keys  # noqa: B018 - the database is open then, too
            workspace.engine  # noqa: B018
        except NewsletterError as error:
            if stop.is_asked:
                raise
            if fault != str(error):
                fault = str(error)
                note(f"The worker goes on as soon as it can: {fault}")
            say_alive()
            stop.wait(1)
        else:
            return workspace


def hand_on(before: "HandedOn", stop: "StopSignal") -> None:
    """Begin anew, or return where it is to end, or cannot: then it goes on here."""
    hold_signals()
    try:
        if not stop.is_asked:
            sys.stdout.flush()
            sys.stderr.flush()
            begin_anew({**os.environ, _VARIABLE: before.as_text()}, handle=before.handle)
    except OSError as error:  # the program was moved
        _log.warning("this worker cannot begin anew, and stays as it is: %s", error.strerror)
    finally:
        let_signals_through()
