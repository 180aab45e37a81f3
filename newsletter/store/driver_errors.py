"""What the databases' drivers say, as expected errors with what mends them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

from newsletter.errors import AwayError, SchemaError, StoreError

_READ_ONLY = "attempt to write a readonly database"  # SQLite's words
# SQLite's words too, for tables that are not ours or not as we made them
_OTHER_TABLES = (
    "no such table",
    "no such column",
    "has no column named",
    "already exists",
    "duplicate column name",
)
_OTHER_STATES = re.compile("42(?!601|501)")  # PostgreSQL's class for that, but for syntax, rights
_FORBIDDEN = "42501"
_AWAY = re.compile("$|08|57P|25P03")  # PostgreSQL's too, or none: no server, or it is there no more
_OTHER_OPTION = "invalid connection option"  # psycopg's words, of what stands behind the ?
_NUMBER = re.compile(r"\[Errno -?\d+\] ")  # the system's, for what its words say already
_DISK = ("disk is full", "disk I/O error", "No space left on device")


def translate(context: ExceptionContext) -> None:
    """Make a StoreError of a database that cannot be reached, read or written, wherever it shows.

    Not where a connection that lay idle is looked at before it is used: one that the server ended
    meanwhile is replaced.
    """
    error, original = context.sqlalchemy_exception, context.original_exception
    if context.is_pre_ping and context.is_disconnect:
        return
    if not isinstance(original, Exception):  # Ctrl-C, after which the connection is let go as well
        return
    is_theirs = isinstance(error, ProgrammingError) and (
        _is_about_tables(original) or _OTHER_OPTION in str(original)
    )
    is_plain = isinstance(error, OperationalError) or type(error) is DatabaseError
    # who was asleep in mid-transaction is told by an error of another kind
    if is_plain or is_theirs or context.is_disconnect:
        raise store_error(original) from original


def _state(error: BaseException) -> str:
    return getattr(error, "sqlstate", None) or ""


def _is_about_tables(error: BaseException) -> bool:
    return bool(_OTHER_STATES.match(_state(error))) or _state(error) == _FORBIDDEN


def store_error(error: BaseException) -> StoreError:
    """Return what a driver said as an expected error, with what mends it."""
    reasons = _NUMBER.sub("", str(error)).strip().splitlines() or ["no reason given"]
    if _OTHER_STATES.match(_state(error)) or any(words in reasons[0] for words in _OTHER_TABLES):
        return SchemaError(
            f"the database is not as this version of the program needs it: {reasons[0]}",
            hint="stop programs of other versions that use it, then run newsletter doctor: it "
            "says what differs and what to do",
        )
    if _state(error) == _FORBIDDEN:
        return StoreError(
            f"the database does not let this user do that: {reasons[0]}",
            hint="make the user of [database] url the owner of the database, or give it that right",
        )
    if "database is locked" in reasons[0]:
        return StoreError(
            "the database is being written by another program",
            hint="wait until that one is done, then try again",
        )
    if reasons[0] == _READ_ONLY:
        return StoreError(
            "the database can only be read here: nothing was changed",
            hint="the disk, the folder or the file is read-only. If you only want to look: audit, "
            "report and items list work all the same",
        )
    is_away = hasattr(error, "sqlstate") and _AWAY.match(_state(error))
    kind = AwayError if is_away else StoreError
    return kind(f"the database does not work: {reasons[0]}", hint=_hint(reasons[0]))


def _hint(reason: str) -> str:
    """What mends it, by PostgreSQL's or SQLite's words."""
    if any(words in reason for words in _DISK):
        return "is the disk of the database, or a quota, full (df -h)? Free space, and run it again"
    if "no password supplied" in reason or "password authentication failed" in reason:
        return (
            "put the password in ~/.pgpass, for you alone to read (chmod 600): one line "
            "HOST:5432:DATABASE:USER:PASSWORD"
        )
    if re.search('database ".*" does not exist', reason):
        return "make it first, as a user who may: createdb -E UTF8 -T template0 NAME"
    return "check [database] url in newsletter.toml, or NEWSLETTER_DATABASE_URL where that is set"


@contextmanager
def translated(dialect: Dialect) -> Iterator[None]:
    """Translate errors likewise where the driver is used directly."""
    driver = dialect.loaded_dbapi
    try:
        yield
    except driver.DatabaseError as error:
        is_plain = isinstance(error, driver.OperationalError) or type(error) is driver.DatabaseError
        if is_plain or _is_about_tables(error):
            raise store_error(error) from error
        raise
