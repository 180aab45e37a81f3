"""What a backup says, read and checked: here alone, and everything that it says.

Anybody can seal one to an editor's public key, and a disk or a program can spoil one before it is
sealed. So each value is held against what it may be, and every mistake is one ServiceError.
"""

import json
import math
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from newsletter.errors import AttentionError, ConfigError, ServiceError
from newsletter.fields.table import Source, Table
from newsletter.lasting.backup_format import (
    DKIM_KEY,
    HEAD,
    SECRET_KEYS,
    SENT,
    STATE,
    STATE_FILES,
    SUMS,
    VERSION,
    WITHDRAWN,
    Head,
)
from newsletter.model.table_shape import TableShape, ValueKind
from newsletter.sending.sent_files import insist_on_witness

MOST_NUMBER = (1 << 62) - 1  # what a table may have given as its last number
_WHOLE = range(-(1 << 63), 1 << 63)
_CENTURY = 100 * 366 * 86400  # seconds
_SCHEMA = re.compile(r"\d{4}")
_PROGRAM = re.compile(r"[\w.+-]{1,40}", re.ASCII)
_NAME = re.compile(r"\w{1,60}", re.ASCII)
_ISSUE = re.compile(r"[^/\\\0]{1,100}")
_RECOGNITION = 32  # bytes
_WRONG = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class DamagedBackupError(ServiceError):
    """A backup does not hold what it says."""


def damaged(where: str = "") -> DamagedBackupError:
    """Return the error of such a backup, naming what is wrong."""
    return DamagedBackupError(
        "the backup is damaged: it does not hold what it says" + (f" ({where})" if where else ""),
        hint="take another one",
    )


@contextmanager
def checked(where: str) -> Iterator[None]:
    """What cannot be made of the backup's own values in the block is the backup's fault."""
    try:
        yield
    except ConfigError as error:
        raise damaged(f"{where}: {error.message}") from error
    except _WRONG as error:
        raise damaged(where) from error


def read_head(data: bytes, *, schema: str) -> Head:
    """Read what a backup says first. AttentionError when a newer program made it: `schema` is the
    newest revision that this one knows."""
    with checked(HEAD):
        top = _table(data, HEAD)
        program, made_in = top.filled("program"), top.filled("schema")
        if not _PROGRAM.fullmatch(program) or not _SCHEMA.fullmatch(made_in) or made_in < "0001":
            raise ValueError("no version")
        version = top.whole("version", 0, least=1)
        if version > VERSION or made_in > schema:
            raise AttentionError(
                f"the backup was made by a newer version of this program ({program})",
                hint="upgrade the program on this machine to that version",
            )
        numbers = top.table("last_numbers")
        head = Head(
            program=program,
            schema=made_in,
            made_at=_moment(top.filled("made_at")),
            database=top.choice("database", ("sqlite", "postgresql")),
            tables=tuple(table.read(_shape) for table in top.tables("tables")),
            last_numbers={
                name: numbers.whole(name, 0, most=MOST_NUMBER) for name in numbers.values
            },
            has_secret_key=top.flag("has_secret_key"),
            version=version,
        )
        top.close()
        if len({table.name for table in head.tables}) != len(head.tables):
            raise ValueError("one table twice")
        return head


def _shape(table: Table) -> TableShape:
    name, columns = table.filled("name"), table.table("columns")
    kinds = {key: ValueKind(columns.choice(key, tuple(ValueKind))) for key in columns.values}
    if not all(map(_NAME.fullmatch, (name, *kinds))) or not kinds:
        raise ValueError("no name")
    return TableShape(name=name, columns=kinds, rows=table.whole("rows", 0, most=MOST_NUMBER))


def read_sums(data: bytes) -> Mapping[str, Mapping[str, Any]]:
    """Read what was written, by table: `rows` and their `sum`."""
    with checked(SUMS):
        top = _table(data, SUMS)
        tables = top.table("tables")
        top.whole("files", 0)
        top.close()
        return {
            name: tables.table(name).read(
                lambda one: {"rows": one.whole("rows", 0), "sum": one.filled("sum")}
            )
            for name in tables.values
        }


def read_rows(data: bytes, table: TableShape) -> list[list[Any]]:
    """Read lines that `row_line` wrote, each value of the kind of its column."""
    with checked(f"a row of {table.name}"):
        text = data.decode("utf-8", "surrogatepass")
        rows = _json(f"[{','.join(text.split(chr(10))[:-1])}]")
        checks = [_CHECKS.get(kind, _anything) for kind in table.columns.values()]
        for row in rows:
            if not isinstance(row, list):
                raise TypeError("no row")
            for value, check in zip(row, checks, strict=True):
                if value is not None:
                    check(value)
        return rows  # type: ignore[no-any-return]


def read_secret_keys(data: bytes) -> tuple[str, ...]:
    """Read the secret keys, the newest first."""
    with checked(SECRET_KEYS):
        keys = _json(data)
        if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
            raise TypeError("no keys")
        for key in keys:
            key.encode()
        return tuple(keys)


def insist_on_part(name: str, data: bytes) -> None:
    """Raise ServiceError where a small part of a backup has a name or a form that none has."""
    with checked(name[:100]):
        if name == SECRET_KEYS:
            read_secret_keys(data)
        elif name.startswith(SENT):
            insist_on_witness(data, issue_of(name))
        elif name == f"{STATE}{STATE_FILES[0]}":
            if len(data) != _RECOGNITION:
                raise ValueError("no key")
        elif name not in (WITHDRAWN, DKIM_KEY, *(f"{STATE}{one}" for one in STATE_FILES)):
            raise LookupError("no such part")


def issue_of(name: str) -> str:
    """Return the issue of a part `sent/ISSUE.json`. ValueError for another name."""
    issue_id = name.removeprefix(SENT).removesuffix(".json")
    if name != f"{SENT}{issue_id}.json" or not _ISSUE.fullmatch(issue_id) or issue_id[0] == ".":
        raise ValueError("no issue")
    return issue_id


def _table(data: bytes, name: str) -> Table:
    return Table(_json(data), source=Source(file=name, line_of=lambda path: None))


def _json(data: bytes | str) -> Any:
    return json.loads(data, parse_constant=_refused)


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("no moment")
    return moment.astimezone(UTC)


def _whole(value: Any) -> None:
    if type(value) is not int or value not in _WHOLE:
        raise TypeError("no whole number")


def _number(value: Any) -> None:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise TypeError("no number")


def _seconds(value: Any) -> None:
    _number(value)
    if abs(value) > _CENTURY:
        raise ValueError("no length of time")


def _text(value: Any) -> None:
    if type(value) is not str:
        raise TypeError("no text")


def _truth(value: Any) -> None:
    if type(value) is not bool:
        raise TypeError("neither true nor false")


def _anything(value: Any) -> None:
    """JSON may be any."""


_CHECKS: dict[ValueKind, Callable[[Any], object]] = {
    ValueKind.WHOLE: _whole,
    ValueKind.NUMBER: _number,
    ValueKind.SECONDS: _seconds,
    ValueKind.TEXT: _text,
    ValueKind.TRUTH: _truth,
    ValueKind.MOMENT: _moment,
    ValueKind.DAY: date.fromisoformat,
    ValueKind.BYTES: lambda value: b64decode(value, validate=True),
}
