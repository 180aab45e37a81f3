"""What a template asks for by name: variables, their attributes, other templates, filters."""

import difflib
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from newsletter.design.lint_allowed import CONTEXT
from newsletter.design.placement_details import Details
from newsletter.design.tokens import Colours, Space, Type
from newsletter.design.views import EditionView, PlacementView, SectionView

# What is known of the names that every part may use; of a loop's own names nothing is.
_KINDS: Mapping[str, type] = {
    "e": EditionView,
    "section": SectionView,
    "p": PlacementView,
    "d": Details,
    "light": Colours,
    "dark": Colours,
    "type": Type,
    "space": Space,
}


class WrongName(NamedTuple):
    """Something that a template asks for and that is not there."""

    line: int | None
    message: str
    hint: str


def wrong_names(source: str, *, is_part: bool, parts: Set[str]) -> Iterator[WrongName]:
    """Find all that a template asks for and that is not there. `parts` are all templates.

    A page that is no part of an issue has names of its own; only its syntax is looked at.
    """
    environment = Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("wrap", "underline"), str)
    try:
        tree = environment.parse(source)
        unknown = meta.find_undeclared_variables(tree) - CONTEXT
    except TemplateSyntaxError as error:
        yield WrongName(error.lineno, error.message or "not a template", "")
        return
    line_of = _finder(source)
    for name in meta.find_referenced_templates(tree):
        if name is not None and name not in parts:
            yield WrongName(line_of(name), f"there is no part {name}", _meant(name, parts))
    if not is_part:
        return
    for name in sorted(unknown):
        message = f"unknown name {name!r}"
        yield WrongName(line_of(name), message, "docs/templates.md lists the names")
    for node in tree.find_all(nodes.Getattr):
        kind = _kind_of(node.node)
        if kind is not None and not _has(kind, node.attr):
            names = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
            message = f"unknown name {node.attr!r}"
            yield WrongName(node.lineno, message, _meant(node.attr, names))


def _finder(source: str) -> Callable[[str], int | None]:
    lines = source.splitlines()
    return lambda words: next((at for at, text in enumerate(lines, 1) if words in text), None)


def _meant(name: str, known: Set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]}?" if close else "docs/templates.md lists the names"


def _has(kind: type, attribute: str) -> bool:
    return attribute in get_type_hints(kind) or hasattr(kind, attribute)


def _kind_of(node: nodes.Node) -> type | None:
    """The class of what an expression gives, where that is known: `e`, `p.picture`."""
    if isinstance(node, nodes.Name):
        return _KINDS.get(node.name)
    if isinstance(node, nodes.Getattr):
        above = _kind_of(node.node)
        return _plain(get_type_hints(above).get(node.attr)) if above is not None else None
    return None


def _plain(hint: Any) -> type | None:
    """A class of ours behind an annotation; None for text, numbers, tuples and the like."""
    options = [kind for kind in get_args(hint) if kind is not NoneType] or [hint]
    kind = options[0] if len(options) == 1 else None
    return kind if isinstance(kind, type) and kind.__module__.startswith("newsletter.") else None
