"""What a template asks for by name: variables, their attributes, other templates, filters."""

import difflib
from collections.abc import Iterator, Mapping, Set
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
_NAMES_LISTED = "docs/templates.md lists the names"


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
        hint = "close each {% with %}, each {{ with }}; end each if, for and macro"
        yield WrongName(error.lineno, error.message or "not a template", hint)
        return

    except RecursionError:
        yield WrongName(None, "nested too deeply", "make its expressions shorter")
        return

    def line_of(words: str) -> int | None:
        return next((at for at, line in enumerate(source.splitlines(), 1) if words in line), None)

    for name in meta.find_referenced_templates(tree):
        if name is not None and name not in parts:
            yield WrongName(line_of(name), f"there is no part {name}", _meant(name, parts))
    if not is_part:
        return
    for name in sorted(unknown):
        yield WrongName(line_of(name), f"unknown name {name!r}", _NAMES_LISTED)
    for node in tree.find_all(nodes.Getattr):
        kind = _kind_of(node.node)
        if kind and not (node.attr in get_type_hints(kind) or hasattr(kind, node.attr)):
            names = {field.name for field in fields(kind)} if is_dataclass(kind) else set()
            yield WrongName(node.lineno, f"unknown name {node.attr!r}", _meant(node.attr, names))


def _meant(name: str, known: Set[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {close[0]}?" if close else _NAMES_LISTED


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
