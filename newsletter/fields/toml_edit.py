"""Takes a table out of a TOML text; all other lines stay as somebody wrote them."""

import re
import tomllib

_HEADER = re.compile(r"\s*\[")


def without_table(text: str, array: str, key: str, value: str) -> str:
    """Return the text without the table of `[[array]]` whose key has that value.

    ValueError where that cannot be done by leaving out lines: the table is written inline, or
    is not there.
    """
    before = tomllib.loads(text)
    tables = before.get(array, [])
    kept = [table for table in tables if table.get(key) != value]
    lines = text.splitlines(keepends=True)
    header = re.compile(rf"\s*\[\[\s*{re.escape(array)}\s*\]\]")
    for start in (number for number, line in enumerate(lines) if header.match(line)):
        rest = range(start + 1, len(lines))
        end = next((number for number in rest if _HEADER.match(lines[number])), len(lines))
        while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
            end -= 1  # what is said above the next table is about that one
        changed = "".join([*lines[:start], *lines[end:]])
        if len(kept) < len(tables) and _parsed(changed) == _with(before, array, kept):
            return changed
    raise ValueError(f"[[{array}]] has no table of its own with {key} = {value!r}")


def _with(values: dict[str, object], array: str, kept: list[object]) -> dict[str, object]:
    rest = {name: part for name, part in values.items() if name != array}
    return {**rest, array: kept} if kept else rest


def _parsed(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
