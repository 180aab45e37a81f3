"""Where a key stands in a TOML text: `tomllib` checks the values but forgets the lines."""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_BLOCKS = ('"' * 3, "'" * 3)


def line_of(text: str, path: Path) -> int | None:
    """The line (from 1) of the key or table at `path`, else of the nearest table around it.

    A path into an inline table or array leads to the line where that value begins.
    """
    best: tuple[int, int] | None = None
    for number, found in _places(text):
        shared = len(found)
        if found == path[:shared] and (best is None or shared > best[0]):
            best = (shared, number)
    return best[1] if best else None


def _places(text: str) -> Iterator[tuple[int, Path]]:
    table: Path = ()
    seen: dict[Path, int] = {}
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        closing = next((mark for mark in _BLOCKS if line.count(mark) == 1), "")
        if header := _HEADER.match(line):
            table = _indexed(_names(header[2]), seen)
            if header[1] == "[[":
                seen[table] = seen.get(table, -1) + 1
                table = (*table, seen[table])
            yield number, table
        elif key := _KEY.match(line):
            yield number, table + _names(key[1])


def _names(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _indexed(names: Path, seen: dict[Path, int]) -> Path:
    """`issue.sections` under `[[issue]]` means its latest element."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in seen:
            path = (*path, seen[path])
    return (*path, names[-1])
