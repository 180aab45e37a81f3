"""YAML read into a tree that keeps comments and places, and into a table with lines."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver

from newsletter.errors import ConfigError
from newsletter.fields.table import Path, Source, Table


class _TextResolver(VersionedResolver):
    """Takes every scalar for a text: `2026-11-20`, `1.0` and `true` stay as they are written."""

    def resolve(self, kind: type, value: Any, implicit: Any) -> Any:
        return super().resolve(kind, "text" if kind is ScalarNode else value, implicit)


def load_yaml(text: str, *, file: str, first_line: int = 1, only_text: bool = False) -> Any:
    """Return the YAML tree with comments and positions. ConfigError where it is not YAML.

    `first_line` is where the text begins in its file.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    if only_text:
        yaml.Resolver = _TextResolver
    try:
        return yaml.load(text)
    except DuplicateKeyError as error:
        key = str(error.problem).split('"')[1]
        line = error.problem_mark.line + first_line
        raise ConfigError(
            f"{key} is there twice", file=file, line=line, hint="keep one of them"
        ) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "cannot be read").strip()
        if "end of stream" in problem:  # a quote left open: where it was opened
            mark = error.context_mark or mark
        raise ConfigError(
            f"not valid YAML: {problem}",
            file=file,
            line=mark.line + first_line if mark else None,
            hint=_hint(problem),
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        at = getattr(error, "position", 0)  # of a character that YAML cannot hold
        raise ConfigError(
            f"not valid YAML: {' '.join(str(error).split()) or 'nested too deep'}",
            file=file,
            line=text.count("\n", 0, at) + first_line,
            hint="use plain keys, lists and text",
        ) from error


def table_of(tree: Any, *, file: str, first_line: int = 1, numbers_are_text: bool = False) -> Table:
    """Return the table of a tree from `load_yaml`; a tree without positions names no lines."""

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


def _hint(problem: str) -> str:
    if r"\t" in problem:
        return "put a space where the tab is"
    if "<scalar>" in problem:
        return (
            "a value that begins with a quote ends with it: subject: '\"Papers, please\" no more'"
        )
    return 'indent with spaces, two a level; text with : or # needs quotes: "Clinics: where, when"'
