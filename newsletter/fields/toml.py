"""TOML read into a table, each key with its line: `tomllib` checks values but forgets lines."""

import re
import tomllib
from collections.abc import Iterator, Mapping

from newsletter.errors import ConfigError
from newsletter.fields.table import Path, Source, Table

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_CURLY = re.compile("[“”„«»]")  # as word processors write
_QUOTED = 'put text in quotes: name = "…"'
_BLOCKS = ('"' * 3, "'" * 3)


def read_toml(text: str, *, file: str, environ: Mapping[str, str]) -> Table:
    """Return the text's table. ConfigError with its line where it is not TOML."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else len(text.splitlines())
        is_curly = _CURLY.search("".join(text.splitlines()[line - 1 : line]))
        raise ConfigError(
            re.sub(r" \(at .*\)", "", str(error)),
            hint='put text in straight quotes: name = "…"' if is_curly else _QUOTED,
            file=file,
            line=line,
        ) from error
    except RecursionError as error:
        raise ConfigError("its lists are nested too deeply", file=file) from error
    source = Source(
        file=file, line_of=lambda path: line_of(text, path), equals=" = ", environ=environ
    )
    return Table(values, source=source)


def line_of(text: str, path: Path) -> int | None:
    """Return the line (from 1) of the key or table at `path`, else of the nearest table around it.

    A path into an inline table or array leads to the line where that value begins.
    """
    best: tuple[int, int] | None = None
    for number, place in _places(text):
        shared = len(place)
        if place == path[:shared] and (best is None or shared > best[0]):
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
            names = _names(key[1])
            yield from ((number, table + names[:depth]) for depth in range(1, len(names) + 1))


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
