"""Macros that a part asks another one for and that are not there: an import of one fails only when
an issue is rendered. Mostly the workspace has a copy of `kinds/parts.mjml` that is older than the
program's other parts.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes


class MissingMacro(NamedTuple):
    """A macro that the part `name` lacks, or (with a line) asks another one for."""

    name: str
    line: int | None
    message: str
    hint: str


def missing_macros(parts: Mapping[str, str], shipped: Mapping[str, str]) -> Iterator[MissingMacro]:
    """Find them in the parts in use, by name; `shipped` are the program's own."""
    trees = {name: tree for name in sorted(parts) if (tree := _parsed(parts[name])) is not None}
    seen = set()
    for name, tree in trees.items():
        for of, macro, line in _asked(tree):
            known = _macros(trees.get(of))
            if of not in trees or macro in known:
                continue
            is_older = of in shipped and macro in _macros(_parsed(shipped[of]))
            if not is_older:
                yield MissingMacro(name, line, *_unknown(macro, of, known))
            elif (of, macro) not in seen:
                seen.add((of, macro))
                yield MissingMacro(of, None, *_older(macro, of, name))


def _asked(tree: nodes.Template) -> Iterator[tuple[str, str, int]]:
    """Each macro that a part asks another one for: that one, the macro, the line."""
    for one in tree.find_all(nodes.FromImport):
        for macro in one.names:
            yield _const(one.template), macro if isinstance(macro, str) else macro[0], one.lineno
    whole = {one.target: _const(one.template) for one in tree.find_all(nodes.Import)}
    for used in tree.find_all(nodes.Getattr):
        if isinstance(used.node, nodes.Name) and used.node.name in whole:
            yield whole[used.node.name], used.attr, used.lineno


def _const(template: nodes.Expr) -> str:
    return str(template.value) if isinstance(template, nodes.Const) else ""


def _unknown(macro: str, of: str, known: set[str]) -> tuple[str, str]:
    close = difflib.get_close_matches(macro, sorted(known), n=1)
    hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(known))}"
    return f"{of} has no macro {macro!r}", hint


def _older(macro: str, of: str, asking: str) -> tuple[str, str]:
    message = f"the macro {macro!r} is missing, which {asking} asks for"
    hint = (
        f"the program's own {of} shows it: move yours away, run newsletter templates copy {of}, "
        "and put your changes in again"
    )
    return message, hint


def _parsed(source: str) -> nodes.Template | None:
    try:
        return Environment(autoescape=True).parse(source)
    except (TemplateSyntaxError, RecursionError):
        return None  # its line is named by `wrong_names`


def _macros(tree: nodes.Template | None) -> set[str]:
    """The names that others may import: macros, and what is set outside all of them."""
    if tree is None:
        return set()
    named = {macro.name for macro in tree.find_all(nodes.Macro)}
    return named | {
        one.target.name
        for one in tree.body
        if isinstance(one, nodes.Assign) and isinstance(one.target, nodes.Name)
    }
