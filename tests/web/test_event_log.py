"""The log of the pages: one line an event, and nobody in it."""

import logging
import os
import threading
from collections.abc import Iterator

import pytest

from newsletter.errors import StoreError
from newsletter.people.addresses import read_address
from newsletter.web.event_log import OneLine, error_place, write_log

PERSON = "ana.reyes@x.example"
LINK = "/leave/gQ3xTokenOfAna"


def line(name: str, message: str, *args: object, error: BaseException | None = None) -> str:
    info = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, info)
    return OneLine().format(record)


def raised() -> Exception:
    """An error of ours whose text and frames name somebody, and its cause."""
    try:
        try:
            read_address(None)  # type: ignore[arg-type]
        except Exception as cause:
            raise StoreError(f"no row for {PERSON}") from cause
    except StoreError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("name", "message", "args", "kept"),
    [
        ("waitress", f"Exception while serving {LINK}", (), "Exception while serving …"),
        ("flask-limiter", "ratelimit %s (%s) exceeded", ("12", "192.0.2.7"), "(%s) exceeded"),
        ("some.library", f"cannot mail {PERSON}, sorry", (), "cannot mail … sorry"),
        ("some.library", "peer 2001:db8::7 left", (), "peer … left"),
        ("newsletter.web.limits", "mail %d waits", (12,), "mail 12 waits"),
    ],
)
def test_of_what_libraries_say_only_words_are_kept(
    name: str, message: str, args: tuple[object, ...], kept: str
) -> None:
    said = line(name, message, *args)
    assert kept in said
    assert not any(word in said for word in (PERSON, LINK, "192.0.2.7", "2001:db8"))


def test_an_error_is_a_line_with_its_kind_and_place() -> None:
    said = line("newsletter.web", "joining.confirm failed\nat once", error=raised())
    assert "\n" not in said
    assert "StoreError from" in said
    assert PERSON not in said
    assert "newsletter/people/addresses.py:" in error_place(raised().__cause__ or raised())


def test_a_line_begins_with_the_time_and_the_level_for_the_journal_with_its_number() -> None:
    said = line("newsletter.web", "away")
    assert said[10] == "T"
    assert said[19:] == "Z warning newsletter.web: away"
    record = logging.LogRecord("newsletter.web", logging.ERROR, "", 1, "away", (), None)
    assert OneLine(for_journal=True).format(record) == "<3>newsletter.web: away"


@pytest.fixture
def restored() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("newsletter")
    before, hook = (root.handlers, root.level, ours.level), threading.excepthook
    yield
    root.handlers, root.level, ours.level = before
    threading.excepthook = hook
    logging.captureWarnings(capture=False)


@pytest.mark.usefixtures("restored")
def test_a_level_is_for_our_events_and_libraries_tell_no_details(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_log("debug", environ=os.environ | {"JOURNAL_STREAM": ""})
    logging.getLogger("newsletter.web").debug("a detail")
    logging.getLogger("sqlalchemy.engine").info("SELECT everybody")
    assert not logging.getLogger("sqlalchemy.engine").isEnabledFor(logging.INFO)
    write_log("error", environ={})
    logging.getLogger("newsletter.web").warning("a warning")
    logging.getLogger("waitress").warning("busy")
    logging.getLogger("waitress").error("broken")
    said = capsys.readouterr().err.splitlines()
    assert [one[21:] for one in said] == [
        "debug newsletter.web: a detail",
        "error waitress: broken",
    ]


@pytest.mark.usefixtures("restored")
def test_a_thread_that_breaks_off_is_a_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks_off() -> None:
        raise ValueError(PERSON)

    write_log("info", environ={})
    thread = threading.Thread(target=breaks_off)
    thread.start()
    thread.join()
    (line,) = capsys.readouterr().err.splitlines()
    assert "a thread ended: ValueError at web/test_event_log.py:" in line
    assert PERSON not in line
