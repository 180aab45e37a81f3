"""[I/O] Reads the tar of a backup once: rows into a database, files beside where they are to be."""

import json
import os
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from newsletter.errors import ServiceError
from newsletter.lasting.backup_format import (
    FILES,
    FOLDERS,
    HEAD,
    ROWS,
    SETTINGS,
    SINGLE,
    SUMS,
    Head,
    RowSum,
    Sums,
    read_head,
    read_rows,
)
from newsletter.model.table_shape import TableShape

_CHUNK = 1 << 20
_MOST = 1 << 26  # bytes of what is kept in memory: a backup writes rows a megabyte at a time
WriteRows = Callable[[TableShape, list[list[Any]]], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unpacking:
    """Where a backup goes: files into the folder `stage`; `open_target` is told what the backup
    says of itself, and its settings, and returns what takes rows."""

    stage: Path
    schema: str
    open_target: Callable[[Head, bytes], WriteRows]


@dataclass(kw_only=True, slots=True)
class Unpacked:
    """What was read. `extras` are small things that are kept in memory, by name."""

    head: Head
    sums: Sums = field(default_factory=Sums)
    extras: dict[str, bytes] = field(default_factory=dict)


def unpack(stream: BinaryIO, unpacking: Unpacking) -> Unpacked:
    """Read all of it. ServiceError when it does not hold what it says it does."""
    try:
        with tarfile.open(fileobj=stream, mode="r|gz") as tar:
            return _members(tar, unpacking)
    except (tarfile.TarError, zlib.error, EOFError, LookupError, TypeError, ValueError) as error:
        raise damaged() from error


def _members(tar: tarfile.TarFile, unpacking: Unpacking) -> Unpacked:
    first = tar.next()
    if first is None or first.name != HEAD:
        raise damaged()
    unpacked = Unpacked(head=read_head(_read(tar, first), schema=unpacking.schema))
    tables = {table.name: table for table in unpacked.head.tables}
    unpacked.sums.tables = {name: RowSum() for name in tables}
    write: WriteRows | None = None
    said: Any = None
    while (info := tar.next()) is not None:
        tar.members = []  # type: ignore[attr-defined]  # it would keep each
        name = info.name
        if name.startswith("/") or ".." in PurePosixPath(name).parts:
            raise damaged()
        if name == SUMS:
            said = json.loads(_read(tar, info))
        elif name == FILES + SETTINGS:
            settings = _read(tar, info)
            write = unpacking.open_target(unpacked.head, settings)
            unpacked.extras[SETTINGS] = settings
        elif name.startswith(ROWS) and write is not None:
            table = tables[name.split("/")[1]]
            data = _read(tar, info)
            for line in data.split(b"\n")[:-1]:
                unpacked.sums.tables[table.name].add(line)
            write(table, read_rows(data))
        elif name.startswith(FILES):
            _stage(unpacking.stage, name.removeprefix(FILES), info, tar.extractfile(info))
            unpacked.sums.files += 1
        else:
            unpacked.extras[name] = _read(tar, info)
    if (
        write is None
        or said is None
        or said["tables"] != json.loads(unpacked.sums.written())["tables"]
    ):
        raise damaged()
    return unpacked


def _read(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(info)
    if file is None or info.size > _MOST:
        raise damaged()
    return file.read()


def _stage(stage: Path, name: str, info: tarfile.TarInfo, file: IO[bytes] | None) -> None:
    parts = PurePosixPath(name).parts
    is_ours = parts[0] in FOLDERS or (name in SINGLE and len(parts) == 1)
    if not is_ours or file is None:
        raise damaged()
    path = stage.joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except (FileExistsError, NotADirectoryError) as error:  # it has two of that name
        raise damaged() from error
    with os.fdopen(handle, "wb") as out:
        while data := file.read(_CHUNK):
            out.write(data)
    path.chmod(info.mode & 0o777)
    os.utime(path, (info.mtime, info.mtime))


def damaged() -> ServiceError:
    """Return the error of a backup that does not hold what it says."""
    return ServiceError(
        "the backup is damaged: it does not hold what it says", hint="take another one"
    )
