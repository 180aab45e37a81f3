"""[I/O] Reads the tar of a backup once: rows into a database, files beside where they are to be."""

import errno
import os
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Self

from newsletter.lasting.backup_format import (
    FILES,
    FOLDERS,
    HEAD,
    ROWS,
    SETTINGS,
    SINGLE,
    SUMS,
    Head,
    Part,
    RowSum,
    Sums,
)
from newsletter.lasting.read_backup import (
    checked,
    damaged,
    insist_on_part,
    read_head,
    read_rows,
    read_sums,
)
from newsletter.model.table_shape import TableShape

_CHUNK = 1 << 20
_MOST = 1 << 26  # bytes of what is kept in memory: a backup writes rows a megabyte at a time
_LONGEST = 1 << 16  # bytes of a name
_NAMELESS = {errno.ENAMETOOLONG, errno.EILSEQ, errno.EINVAL, errno.EEXIST, errno.ENOTDIR}
WriteRows = Callable[[TableShape, list[list[Any]]], None]


class PlainMember(tarfile.TarInfo):
    """A file in a tar, as we write them. Whatever else a tar can have (links, devices, holes,
    headers of any length) is refused before it is read."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        """Read a header. ServiceError for any other kind."""
        info = super().frombuf(buf, encoding, errors)
        is_name = info.type == tarfile.GNUTYPE_LONGNAME and info.size <= _LONGEST
        if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) and not is_name:
            raise damaged(info.name[:100])
        return info


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacking:
    """Where a backup goes: files into the folder `stage`; `open_target` is told what the backup
    says of itself, and its settings, and returns what takes rows."""

    stage: Path
    schema: str
    open_target: Callable[[Head, bytes], WriteRows]


@dataclass(kw_only=True, slots=True)
class Unpacked:
    """What was read. `parts` are small things that are kept in memory, by name."""

    head: Head
    settings: Part
    sums: Sums = field(default_factory=Sums)
    parts: dict[str, Part] = field(default_factory=dict)


def unpack(stream: BinaryIO, unpacking: Unpacking) -> Unpacked:
    """Read all of it. ServiceError when it does not hold what it says it does."""
    try:
        with tarfile.open(fileobj=stream, mode="r|gz", tarinfo=PlainMember) as tar:
            return _Unpacker(tar, unpacking).all()
    except (tarfile.TarError, zlib.error, EOFError, ValueError) as error:
        raise damaged() from error


class _Unpacker:
    """What was read so far. First comes what the backup says of itself, then its settings."""

    def __init__(self, tar: tarfile.TarFile, unpacking: Unpacking) -> None:
        self._tar = tar
        self._stage = unpacking.stage
        first = self._next()
        if first is None or first.name != HEAD:
            raise damaged("it does not begin as one")
        head = read_head(self._read(first), schema=unpacking.schema)
        second = self._next()
        if second is None or second.name != FILES + SETTINGS:
            raise damaged(f"no {SETTINGS}")
        data = self._read(second)
        self._write = unpacking.open_target(head, data)
        self._tables = {table.name: table for table in head.tables}
        self._unpacked = Unpacked(
            head=head, settings=Part(name=SETTINGS, data=data, mode=second.mode & 0o777)
        )
        self._unpacked.sums.files = 1
        self._unpacked.sums.tables = {name: RowSum() for name in self._tables}
        self._sums: Mapping[str, Mapping[str, Any]] | None = None
        self._kept = 0

    def all(self) -> Unpacked:
        """Read the rest."""
        while (info := self._next()) is not None:
            self._member(info)
        found = self._unpacked.sums.tables.items()
        if self._sums != {name: {"rows": one.rows, "sum": one.sum} for name, one in found}:
            raise damaged("rows are missing")
        return self._unpacked

    def _next(self) -> tarfile.TarInfo | None:
        info = self._tar.next()
        self._tar.members = []  # type: ignore[attr-defined]  # it would keep each
        return info

    def _member(self, info: tarfile.TarInfo) -> None:
        name = info.name
        if name == SUMS:
            self._sums = read_sums(self._read(info))
        elif name.startswith(ROWS):
            self._rows(name, self._read(info))
        elif name.startswith(FILES):
            _stage(self._stage, name.removeprefix(FILES), info, self._tar.extractfile(info))
            self._unpacked.sums.files += 1
        else:
            self._kept += info.size
            if self._kept > _MOST or name in self._unpacked.parts:
                raise damaged(name[:100])
            data = self._read(info)
            insist_on_part(name, data)
            self._unpacked.parts[name] = Part(name=name, data=data, mode=info.mode & 0o777)

    def _rows(self, name: str, data: bytes) -> None:
        table = self._tables.get(name.split("/")[1])
        if table is None:
            raise damaged(name[:100])
        for line in data.split(b"\n")[:-1]:
            self._unpacked.sums.tables[table.name].add(line)
        rows = read_rows(data, table)
        with checked(f"a row of {table.name}"):
            self._write(table, rows)

    def _read(self, info: tarfile.TarInfo) -> bytes:
        file = self._tar.extractfile(info)
        if file is None or info.size > _MOST:
            raise damaged(info.name[:100])
        return file.read()


def _stage(stage: Path, name: str, info: tarfile.TarInfo, file: IO[bytes] | None) -> None:
    parts = PurePosixPath(name).parts
    is_ours = parts and (parts[0] in FOLDERS or (name in SINGLE and len(parts) == 1))
    path = stage.joinpath(*parts)
    is_inside = ".." not in path.parts and path.is_relative_to(stage)
    if not is_ours or not is_inside or file is None:
        raise damaged(name[:100])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except ValueError as error:
        raise damaged(name[:100]) from error
    except OSError as error:
        if error.errno not in _NAMELESS:
            raise
        raise damaged(name[:100]) from error  # it has two of that name, or one that nothing has
    with os.fdopen(handle, "wb") as out:
        while data := file.read(_CHUNK):
            out.write(data)
    path.chmod(info.mode & 0o777)
    with checked(f"the day of {name[:100]}"):
        os.utime(path, (info.mtime, info.mtime))
