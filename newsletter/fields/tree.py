"""A tree, read from YAML or from a copy of it, as a table with lines. The YAML itself stays out."""

from typing import Any

from newsletter.fields.table import Path, Source, Table


def table_of(tree: Any, *, file: str, first_line: int = 1, numbers_are_text: bool = False) -> Table:
    """Return the table of a tree from `yaml.load_yaml`; a tree without positions names no lines."""

    def line_of(path: Path) -> int | None:
        node: Any = tree
        line: int | None = tree.lc.line if hasattr(tree, "lc") else None
        for step in path:
            if not hasattr(node, "lc"):
                break
            try:
                place = node.lc.key if isinstance(step, str) else node.lc.item
                line = place(step)[0]
            except (KeyError, TypeError):  # no such key: where its mapping begins
                line = node.lc.line
                break
            node = node[step]
        return None if line is None else line + first_line

    source = Source(file=file, line_of=line_of, numbers_are_text=numbers_are_text)
    return Table(tree, source=source)
