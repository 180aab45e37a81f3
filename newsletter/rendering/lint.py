"""What is wrong with template files, found before an issue is rendered with them.

mrml lets unknown tags and attributes pass without a word, so each is held against a list here.
"""

import re
from collections.abc import Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError, meta

from newsletter.model.problem import Problem, Severity
from newsletter.rendering.allowed import ATTRIBUTES, COMMON, CONTEXT, HTML_ATTRIBUTES, REFUSED
from newsletter.rendering.contrast import AA_TEXT, faint_pairs
from newsletter.rendering.tokens import Tokens

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)/?>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*)\s*=\s*(\"[^\"]*\"|'[^']*')")
_LOADS = re.compile(r"url\s*\(|@import", re.IGNORECASE)
_ENDINGS = (".mjml", ".txt", ".html", ".xml")


def lint(parts: Mapping[str, str], *, shipped: frozenset[str], tokens: Tokens) -> list[Problem]:
    """The problems of the parts (name -> source) and of the tokens' colours, in file order."""
    found: list[Problem] = []
    for name, source in sorted(parts.items()):
        if name not in shipped and not name.startswith("kinds/"):
            found.append(_problem(name, None, "no part of that name is used", "see templates list"))
        if name.endswith(_ENDINGS):
            found += _jinja(name, source)
        if name.endswith(".mjml"):
            found += _tags(name, source)
    for faint in faint_pairs(tokens):
        found.append(
            _problem(
                "tokens.toml",
                None,
                f"{faint.scheme}.{faint.ink} on {faint.scheme}.{faint.ground}: contrast "
                f"{faint.ratio:.1f}, and {AA_TEXT} is needed",
                "make one of the two darker or lighter",
            )
        )
    return found


def _problem(name: str, line: int | None, message: str, hint: str = "") -> Problem:
    return Problem(
        severity=Severity.BLOCKS,
        code="template",
        message=message,
        hint=hint,
        file=f"templates/{name}",
        line=line,
    )


def _jinja(name: str, source: str) -> Iterator[Problem]:
    """Syntax errors, and names that no template is given."""
    environment = Environment(autoescape=True)
    for filter_name in ("wrap", "underline"):
        environment.filters[filter_name] = str
    try:
        tree = environment.parse(source, filename=name)
    except TemplateSyntaxError as error:
        yield _problem(name, error.lineno, error.message or "not a template")
        return
    if "/" in name and not name.startswith("kinds/"):
        return  # pages, not parts of an issue: they are given names of their own
    for unknown in sorted(meta.find_undeclared_variables(tree) - CONTEXT):
        line = next((at for at, text in enumerate(source.splitlines(), 1) if unknown in text), None)
        yield _problem(
            name, line, f"nothing is called {unknown!r} here", "docs/templates.md lists the names"
        )


def _tags(name: str, source: str) -> Iterator[Problem]:
    """Tags and attributes that are not on the list; hosts; pictures without words."""
    plain = _JINJA.sub(lambda match: "\n" * match[0].count("\n") or " ", source)
    for match in _TAG.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        tag = match[1].lower()
        attributes = {
            key.lower(): value[1:-1].strip() for key, value in _ATTRIBUTE.findall(match[2])
        }
        yield from _tag(name, line, tag, attributes)
    for match in _LOADS.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        yield _problem(name, line, "CSS that loads something", "mail loads nothing from any host")


def _tag(name: str, line: int, tag: str, attributes: dict[str, str]) -> Iterator[Problem]:
    if tag in REFUSED:
        yield _problem(name, line, f"<{tag}> is not for us: {REFUSED[tag]}")
        return
    allowed = ATTRIBUTES.get(tag)
    if allowed is None:
        yield _problem(name, line, f"<{tag}> is not on the list", "see docs/templates.md")
        return
    common = COMMON if tag.startswith("mj") else HTML_ATTRIBUTES
    for key, value in attributes.items():
        if key not in allowed and key not in common and "*" not in allowed:
            yield _problem(name, line, f"<{tag}> has no attribute {key!r}")
        if key in {"src", "background-url", "background"} and "//" in value:
            yield _problem(name, line, f"{key} names a host", "pictures travel inside the message")
    if tag in {"img", "mj-image"} and "alt" not in attributes:
        yield _problem(name, line, f"<{tag}> has no alt")
