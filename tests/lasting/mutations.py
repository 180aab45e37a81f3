"""A small backup taken apart, and put together again with one thing in it that is wrong."""

import copy
import json
import random
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsletter.lasting.age_stream import Openers, ToKeys, unsealed
from newsletter.lasting.backup_file import write_backup
from newsletter.lasting.backup_format import HEAD, ROWS, SECRET_KEYS, SENT, SUMS, RowSum
from newsletter.lasting.tar_bytes import END, gzipped, padding
from tests.lasting.digests import PAIR

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WRONG = (
    None, True, -1, 0, 10**30, 2**63, 1.5, float("nan"), 1e308, "", "x", "\0", "\ud800",
    "2026-11-20", "9999-12-31T23:59:59-12:00", [], {}, [3], ["x"], {"x": 1},
)  # fmt: skip
DEEP = b"[" * 200_000
Members = list[tuple[tarfile.TarInfo, bytes]]


def taken_apart(file: Path) -> Members:
    """The members of a backup, in their order."""
    openers = Openers(private_key=lambda: PAIR.secret, passphrase=lambda: "")
    with unsealed(file, openers) as stream, tarfile.open(fileobj=stream, mode="r|gz") as tar:
        return [(info, opened.read()) for info in tar if (opened := tar.extractfile(info))]


def put_together(file: Path, members: Members) -> Path:
    """A backup of these, sealed as a backup is."""

    def chunks() -> Iterator[bytes]:
        for info, data in members:
            yield info.tobuf(tarfile.GNU_FORMAT, errors="surrogateescape")
            yield data + padding(len(data))
        yield END

    lock = ToKeys(keys=[PAIR.public])
    write_backup(file, gzipped(chunks()), lock, now=NOW, replace=True)
    return file


def mutations(members: Members, seed: int) -> Iterator[tuple[str, Members]]:
    """Every change that we can think of, in an order that the seed tells, with its name."""
    found = [*_of_members(members), *_of_values(members), *_of_rows(members)]
    random.Random(seed).shuffle(found)
    for name, change in found:
        yield name, change()


Found = Iterator[tuple[str, Callable[[], Members]]]


def _of_members(members: Members) -> Found:
    """Of names, kinds, bytes and order."""
    for at, (info, data) in enumerate(members):
        for wrong in (
            b"", b"\xff\xfe", b"null", b"[3]", b'"x"', DEEP, data[: len(data) // 2], data + b"x",
            data + data, b"{" + data,
        ):  # fmt: skip
            yield (
                f"{info.name} is {wrong[:9]!r}",
                lambda at=at, wrong=wrong: with_changed(members, at, data=wrong),
            )
        for name in (
            f"{info.name}/{'x' * 300}", "y" * 5000, f"../{info.name}", f"/{info.name}", "",
            f"{info.name}/", f"{info.name}\udcff", "files/issues/a/../../x", "files/", "rows/",
            "rows/sqlite_master/000001.jsonl", "sent/.json", "sent/../x.json", "sent/x",
            "files/issues", "state/workspace", "files/stories/a\\b",
        ):  # fmt: skip
            yield (
                f"{info.name} is named {name[:40]!r}",
                lambda at=at, name=name: with_changed(members, at, name=name),
            )
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, b"S"):
            yield (
                f"{info.name} is of kind {kind!r}",
                lambda at=at, kind=kind: with_changed(members, at, kind=kind),
            )
        yield f"no {info.name}", lambda at=at: members[:at] + members[at + 1 :]
        yield f"{info.name} twice", lambda at=at: [*members, members[at]]
        yield f"{info.name} last", lambda at=at: members[:at] + members[at + 1 :] + [members[at]]


def _of_values(members: Members) -> Found:
    """Of each value in what is JSON."""
    for at, (info, data) in enumerate(members):
        if info.name in (HEAD, SUMS, SECRET_KEYS) or info.name.startswith(SENT):
            said = json.loads(data)
            for path in _paths(said):
                for wrong in (*WRONG, _GONE):
                    yield (
                        f"{info.name} {path} is {wrong!r}",
                        lambda at=at, said=said, path=path, wrong=wrong: with_changed(
                            members, at, data=_changed(said, path, wrong)
                        ),
                    )


def _of_rows(members: Members) -> Found:
    """Of each value of a row, with sums that are right for it."""
    for at, (info, data) in enumerate(members):
        if not info.name.startswith(ROWS):
            continue
        rows = [json.loads(line) for line in data.splitlines()]
        for column in range(len(rows[0])):
            for wrong in (*WRONG, _GONE):
                yield (
                    f"{info.name} [{column}] is {wrong!r}",
                    lambda at=at, rows=rows, column=column, wrong=wrong: with_rows(
                        members, at, [_changed_row(rows[0], column, wrong), *rows[1:]]
                    ),
                )


_GONE = object()


def _paths(said: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    inside = (
        said.items()
        if isinstance(said, dict)
        else enumerate(said)
        if isinstance(said, list)
        else ()
    )
    for key, value in inside:
        yield from _paths(value, (*above, key))


def _changed(said: Any, path: tuple[Any, ...], wrong: Any) -> bytes:
    if not path:
        return json.dumps(None if wrong is _GONE else wrong).encode()
    changed = copy.deepcopy(said)
    place = changed
    for key in path[:-1]:
        place = place[key]
    if wrong is _GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    return json.dumps(changed).encode()


def _changed_row(row: list[Any], column: int, wrong: Any) -> list[Any]:
    return (
        row[:column] + row[column + 1 :]
        if wrong is _GONE
        else [*row[:column], wrong, *row[column + 1 :]]
    )


def with_changed(
    members: Members, at: int, *, name: str = "", data: bytes | None = None, kind: bytes = b""
) -> Members:
    info, old = members[at]
    changed = copy.copy(info)
    changed.name = name or info.name
    changed.type = kind or info.type
    changed.linkname = info.name if kind else ""
    changed.size = (
        0
        if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE)
        else len(old if data is None else data)
    )
    new = b"" if not changed.size else old if data is None else data
    return [*members[:at], (changed, new), *members[at + 1 :]]


def with_rows(members: Members, at: int, rows: list[Any]) -> Members:
    """With these rows, and sums that say so."""
    lines = [json.dumps(row).encode() for row in rows]
    table = members[at][0].name.split("/")[1]
    total = RowSum()
    for line in lines:
        total.add(line)
    changed = with_changed(members, at, data=b"".join(line + b"\n" for line in lines))
    sums = next(n for n, (info, _) in enumerate(members) if info.name == SUMS)
    said = json.loads(members[sums][1])
    said["tables"][table] = {"rows": total.rows, "sum": total.sum}
    return with_changed(changed, sums, data=json.dumps(said).encode())
