"""What is wrong with template files, found before an issue is rendered with them.

mrml lets unknown tags and attributes pass without a word, so each is held against a list here.
"""

import re
from collections.abc import Iterator, Mapping, Set

from newsletter.design.contrast import AA_TEXT, faint_pairs
from newsletter.design.lint_allowed import ATTRIBUTES, COMMON, HTML_ATTRIBUTES, REFUSED
from newsletter.design.lint_names import wrong_names
from newsletter.design.tokens import SIZES, SMALLEST_TEXT, Tokens
from newsletter.model.problem import Problem, Severity

_UNREAD = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:[^<>\"'/]|\"[^\"]*\"|'[^']*')*)(/?)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*)\s*=\s*(\"[^\"]*\"|'[^']*')")
_LOADS = re.compile(r"url\s*\(|@import", re.IGNORECASE)
_STYLE = re.compile(r"<mj-style[^>]*>(.*?)</mj-style>", re.DOTALL)
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_CHILD = re.compile(r"^[^{}\n]*>[^{}\n]*\{", re.MULTILINE)
_VOID = frozenset({"br", "hr", "img", "link", "meta"})
_BOXES = frozenset({"mj-body", "mj-wrapper", "mj-section", "mj-group", "mj-column"})
ENDINGS = (".mjml", ".txt", ".html", ".xml")


def lint(parts: Mapping[str, str], *, names: Set[str]) -> list[Problem]:
    """Find the problems of the parts (name -> source), in file order; `names` are all there are."""
    problems: list[Problem] = []
    for name, source in sorted(parts.items()):
        if name.endswith(ENDINGS):
            is_part = "/" not in name or name.startswith("kinds/")
            wrong = wrong_names(source, is_part=is_part, parts=names)
            problems += [problem(name, *found) for found in wrong]
        if name.endswith(".mjml"):
            problems += _tags(name, source)
            problems += _child_selectors(name, source)
    return problems


def lint_tokens(tokens: Tokens) -> list[Problem]:
    """Find what is too small or too faint to be read."""
    problems = [*_small_type(tokens)]
    for faint in faint_pairs(tokens):
        pair = f"{faint.scheme}.{faint.ink} on {faint.scheme}.{faint.ground}"
        message = f"{pair}: contrast {faint.ratio:.1f}, at least {AA_TEXT} is needed"
        hint = "make one of the two darker or lighter"
        problems.append(problem("tokens.toml", None, message, hint))
    return problems


def problem(name: str, line: int | None, message: str, hint: str = "") -> Problem:
    """Return a problem of the part of that name."""
    return Problem(
        severity=Severity.BLOCKS,
        code="template",
        message=message,
        hint=hint,
        file=f"templates/{name}",
        line=line,
    )


def _small_type(tokens: Tokens) -> Iterator[Problem]:
    for code, type_ in tokens.types():
        for name in SIZES:
            size = getattr(type_, name)
            is_said = code and getattr(tokens.type, name) < SMALLEST_TEXT
            if size < SMALLEST_TEXT and not is_said:
                hint = f"{SMALLEST_TEXT} is the smallest that can be read on a phone"
                where = f" ({code})" if code else ""
                yield problem("tokens.toml", None, f"type.{name} is {size} pixels{where}", hint)


def _tags(name: str, source: str) -> Iterator[Problem]:
    """Tags and attributes that are not on the list, or not closed; hosts; pictures without words;
    what mrml drops without a word because of where it stands."""
    plain = _UNREAD.sub(lambda match: "\n" * match[0].count("\n") or " ", source)
    opened: list[tuple[str, int]] = []
    is_macros = "{% macro" in source
    after = 0
    for match in _TAG.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        tag = match[2].lower()
        outside = not is_macros and (not opened or opened[-1][0] in _BOXES)
        if outside and plain[after : match.start()].strip():
            yield _lost(name, line, "words")
        if match[1]:
            yield from _closed(name, line, tag, opened)
        else:
            if outside and not tag.startswith("mj"):
                yield _lost(name, line, f"<{tag}>")
            attributes = {
                key.lower(): value[1:-1].strip() for key, value in _ATTRIBUTE.findall(match[3])
            }
            yield from _tag(name, line, tag, attributes)
            if not match[4] and tag not in _VOID:
                opened.append((tag, line))
        after = match.end()
    if not (opened or is_macros) and plain[after:].strip():
        yield _lost(name, plain.count("\n", 0, after) + 1, "words")
    for tag, line in opened:
        yield problem(name, line, f"<{tag}> is never closed", f"write </{tag}>")
    for match in _LOADS.finditer(plain):
        line = plain.count("\n", 0, match.start()) + 1
        hint = "mail must not load anything from a host"
        yield problem(name, line, "CSS that loads something", hint)


def _child_selectors(name: str, source: str) -> Iterator[Problem]:
    """Rules that Outlook for Windows does not read; what is in @media it does not read anyway."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    plain = _UNREAD.sub(lambda match: blank(match) or "x", source)
    for style in _STYLE.finditer(plain):
        for rule in _CHILD.finditer(_MEDIA.sub(blank, style[1])):
            line = (
                plain.count("\n", 0, style.start(1)) + rule.string.count("\n", 0, rule.start()) + 1
            )
            message = "Outlook for Windows does not know > in a selector"
            yield problem(name, line, message, "give the element itself a class")


def _lost(name: str, line: int, what: str) -> Problem:
    return problem(name, line, f"{what} outside <mj-text> would not be shown", "put it inside one")


def _closed(name: str, line: int, tag: str, opened: list[tuple[str, int]]) -> Iterator[Problem]:
    """Take the tag off those that are open, with what was left open inside it."""
    if tag not in (open_tag for open_tag, _ in opened):
        yield problem(name, line, f"</{tag}> closes nothing")
        return
    while (inner := opened.pop())[0] != tag:
        yield problem(name, inner[1], f"<{inner[0]}> is never closed", f"write </{inner[0]}>")


def _tag(name: str, line: int, tag: str, attributes: dict[str, str]) -> Iterator[Problem]:
    if tag in REFUSED:
        yield problem(name, line, f"<{tag}> cannot be used: {REFUSED[tag]}")
        return
    allowed = ATTRIBUTES.get(tag)
    if allowed is None:
        yield problem(name, line, f"<{tag}> is not allowed", "see docs/templates.md")
        return
    common = COMMON if tag.startswith("mj") else HTML_ATTRIBUTES
    for key, value in attributes.items():
        if key not in allowed and key not in common and "*" not in allowed:
            yield problem(name, line, f"<{tag}> has no attribute {key!r}")
        if key in {"src", "background-url", "background"} and "//" in value:
            hint = "pictures travel inside the message"
            yield problem(name, line, f"{key} points to another host", hint)
        elif key == "src" and value:
            message = f"{value} would not travel with the message"
            yield problem(name, line, message, "only the placements' pictures do")
    if tag in {"img", "mj-image"} and "alt" not in attributes:
        yield problem(name, line, f"<{tag}> has no alt")
