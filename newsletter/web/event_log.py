"""[I/O] The log of `newsletter serve`: one line an event, without address, link or visitor.

Libraries put both into what they say (waitress the path, which of a personal link is the link;
Flask-Limiter the visitor), so of theirs only the plain words of a message are kept.
"""

import logging
import os
import re
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

OURS = "newsletter"
_PACKAGE = Path(__file__).parents[1]
_MOST_PLACES = 4
_TELLING = re.compile(r"\S*[@/\d]\S*")  # an address, a path, a number; not a word
_PRIORITIES = {"CRITICAL": 2, "ERROR": 3, "WARNING": 4, "INFO": 6, "DEBUG": 7}  # syslog's


def write_log(level: str, *, environ: Mapping[str, str] = os.environ) -> None:
    """Write events of that level and above to stderr from now on; of libraries, and of Python, no
    more than warnings: a database's details are everybody's data."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(for_journal=_is_journal(sys.stderr, environ)))
    logging.captureWarnings(capture=True)
    root = logging.getLogger()
    root.handlers = [handler]
    threading.excepthook = _log_ended_thread
    root.setLevel(max(logging.getLevelName(level.upper()), logging.WARNING))
    logging.getLogger(OURS).setLevel(level.upper())


def _log_ended_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        logging.getLogger(__name__).error("a thread ended: %s", error_place(ended.exc_value))


def error_place(error: BaseException) -> str:
    """Return what kind of error it is and where in our code it came from: not what it says, nor
    the values in its frames, for they may name somebody."""
    kinds = [type(error).__name__]
    cause = error.__cause__
    while cause is not None:
        kinds.append(type(cause).__name__)
        cause = cause.__cause__
    places = " < ".join(_places(error.__traceback__)[-_MOST_PLACES:][::-1])
    return " from ".join(kinds) + (f" at {places}" if places else "")


def _places(traceback: TracebackType | None) -> list[str]:
    """Return the lines of ours that the error went through, the innermost last; where it is
    innermost in a library, that line too."""
    places, file, line = [], "", 0
    while traceback is not None:
        file, line = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        path = Path(file)
        if path.is_relative_to(_PACKAGE):
            places.append(f"{path.relative_to(_PACKAGE.parent)}:{line}")
            file = ""
        traceback = traceback.tb_next
    return [*places, f"{'/'.join(Path(file).parts[-2:])}:{line}"] if file else places


def _is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether the stream leads to systemd's journal: it has the time, and takes a level."""
    try:
        about = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{about.st_dev}:{about.st_ino}"


class OneLine(logging.Formatter):
    """`2026-11-30T09:00:00Z warning newsletter.web.limits: …`, for the journal `<4>…: …`."""

    def __init__(self, *, for_journal: bool = False) -> None:
        super().__init__()
        self._for_journal = for_journal

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        is_ours = record.name.partition(".")[0] == OURS
        text = record.getMessage() if is_ours else _TELLING.sub("…", str(record.msg))
        if record.exc_info and record.exc_info[1] is not None:
            text += f": {error_place(record.exc_info[1])}"
        level = record.levelname
        at = datetime.fromtimestamp(record.created, UTC)
        head = f"{at:%Y-%m-%dT%H:%M:%SZ} {level.lower()} "
        if self._for_journal:
            head = f"<{_PRIORITIES.get(level, 6)}>"
        return head + " ".join(f"{record.name}: {text}".split())
