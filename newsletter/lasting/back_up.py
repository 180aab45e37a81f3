"""`backup` [I/O]: everything that is needed, as the bytes of one tar, a few at a time."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from newsletter.errors import ServiceError
from newsletter.lasting.backup_format import (
    FILES,
    HEAD,
    ROWS,
    SUMS,
    Advance,
    Head,
    Part,
    RowSum,
    Sums,
    row_line,
    write_head,
)
from newsletter.lasting.tar_bytes import END, Member, gzipped, member, padding
from newsletter.model.table_shape import TableShape

_CHUNK = 1 << 20  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The database at one moment."""

    head: Head
    rows: Callable[[TableShape], Iterable[list[Any]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupSource:
    """What a workspace has to be backed up.

    `before` is read before the database, for that only grows: how far issues were sent, where the
    chain stood. `files` (name in the workspace, path) and `after` are read after it: no withdrawal
    that the database has may be missing there.
    """

    before: Callable[[], Iterable[Part]]
    snapshot: Callable[[], AbstractContextManager[Snapshot]]
    files: Callable[[], Iterable[tuple[str, Path]]]
    after: Callable[[], Iterable[Part]]
    clock: Callable[[], datetime]
    begun: Callable[[Head], Advance] = lambda head: lambda rows: None
    sums: Sums = field(default_factory=Sums)


def backup_chunks(source: BackupSource) -> Iterator[bytes]:
    """Yield the tar of a backup, gzipped. The source's `sums` then tell what is in it."""
    return gzipped(_chunks(source))


def _chunks(source: BackupSource) -> Iterator[bytes]:
    before, now, sums = list(source.before()), source.clock(), source.sums
    with source.snapshot() as snapshot:
        yield from member(HEAD, write_head(snapshot.head), made_at=now)
        advance = source.begun(snapshot.head)
        for part in before:
            yield from member(part.name, part.data, made_at=now, mode=part.mode)
            sums.files += part.name.startswith(FILES)
        for table in snapshot.head.tables:
            sums.tables[table.name] = RowSum()
            yield from _table(table, snapshot.rows(table), sums.tables[table.name], advance, now)
    for name, path in source.files():
        try:
            file = path.open("rb")
        except FileNotFoundError:  # taken back since it was listed
            continue
        with file:
            yield from _file(name, file)
        sums.files += 1
    for part in source.after():
        yield from member(part.name, part.data, made_at=now, mode=part.mode)
    yield from member(SUMS, sums.written(), made_at=now)
    yield END


def _table(
    table: TableShape,
    rows: Iterable[list[Any]],
    total: RowSum,
    advance: Advance,
    now: datetime,
) -> Iterator[bytes]:
    lines: list[bytes] = []
    size = part = 0
    for row in rows:
        line = row_line(row)
        total.add(line)
        lines.append(line + b"\n")
        size += len(line) + 1
        if size >= _CHUNK:
            part += 1
            yield from member(f"{ROWS}{table.name}/{part:06d}.jsonl", b"".join(lines), made_at=now)
            advance(len(lines))
            lines, size = [], 0
    if lines:
        yield from member(f"{ROWS}{table.name}/{part + 1:06d}.jsonl", b"".join(lines), made_at=now)
        advance(len(lines))


def _file(name: str, file: BinaryIO) -> Iterator[bytes]:
    """The file as it was when it was opened: commands replace files whole."""
    status = os.fstat(file.fileno())
    left = status.st_size
    yield Member(
        name=f"{FILES}{name}",
        size=left,
        made_at=datetime.fromtimestamp(status.st_mtime, UTC),
        mode=stat.S_IMODE(status.st_mode),
    ).header()
    while left:
        data = file.read(min(left, _CHUNK))
        if not data:
            raise ServiceError(
                "the file became shorter while it was read", file=name, hint="run it again"
            )
        left -= len(data)
        yield data
    yield padding(status.st_size)
