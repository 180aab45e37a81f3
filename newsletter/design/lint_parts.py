"""[I/O] `templates lint`: what is wrong with the parts in use.

A part that cannot be read is named, and stops no other from being looked at.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from newsletter.design.lint import ENDINGS, lint, lint_tokens, problem
from newsletter.design.lint_imports import missing_macros
from newsletter.design.own_kinds import read_kind
from newsletter.design.templates import Templates, shipped_folder
from newsletter.errors import ConfigError
from newsletter.model.language import first_same
from newsletter.model.problem import Problem
from newsletter.model.section_kinds import FACTS, Kind

Read = TypeVar("Read")
_IMPORTS = re.compile(r"\{%-?\s*from\s.*?%\}", re.DOTALL)
_TOKENS = "tokens.toml"
# The names by which a template shows a detail, where they are not the detail's own.
_SHOWN_AS = {
    "until": "when", "where": "place", "cancelled": "is_cancelled", "text": "message|phones",
    "call": "call|phones", "audio": "recording|recording_label",
    "video": "recording|recording_label", "length": "minutes|recording_label",
    "action": "action|action_label", "size": "size|heading|pictured|beside",
}  # fmt: skip
# What no kind may leave out: the names by which it is shown, and the usual way.
_EACH_SHOWS = {
    "title": ("title|heading|pictured|beside", "{{ heading(p) }}"),
    "link": ("link|heading|pictured|beside", "{{ heading(p) }}"),
    "text": ("blurb", "{{ blurb(p) }}"),
    "credit": ("credit|credit_line", "{{ credit(p) }}"),
}
_LISTED = "run newsletter templates list"


def lint_parts(templates: Templates, languages: Sequence[str]) -> list[Problem]:
    """Find what is wrong with the parts in use and with the colors. `languages` are those that a
    kind of section needs a title in."""
    problems = [found for folder in templates.folders for found in _no_files(folder)]
    builtin = Templates((shipped_folder(),))
    shipped = {name: builtin.source(name) for name in builtin.names()}

    def read(name: str, reader: Callable[[], Read]) -> Read | None:
        try:
            return reader()
        except ConfigError as error:
            problems.append(problem(name, error.line, error.message, error.hint))
            return None

    parts: dict[str, str] = {}
    for name in templates.names():
        if name not in shipped and not name.endswith(ENDINGS):
            problems.append(_no_part(name, shipped))
        elif (source := read(name, partial(templates.source, name))) is not None:
            parts[name] = source
    for name, source in parts.items():
        if name.startswith("kinds/") and name.endswith(".mjml"):
            stem = name.removeprefix("kinds/").removesuffix(".mjml")
            kind = read(name, partial(read_kind, source, name=stem, file=name))
            if kind is not None:
                problems += _untitled(name, source, kind, languages)
                problems += _not_shown(name, source, kind)
    problems += _unused(parts, shipped)
    problems += lint(parts, names=set(templates.names()))
    problems += [problem(*found) for found in missing_macros(parts, shipped)]
    if _TOKENS in parts and (tokens := read(_TOKENS, lambda: templates.tokens)) is not None:
        problems += lint_tokens(tokens)
    return problems


def _no_files(folder: Path) -> Iterator[Problem]:
    """What has a part's name and is no file, so that the program's own part is used instead."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
            yield problem(name, None, "this folder cannot be opened", "let everybody open it")
        elif path.suffix in ENDINGS and path.is_dir():
            yield problem(name, None, "a folder where a file should be", "give it another name")
        elif path.is_symlink() and not path.exists():
            yield problem(name, None, "a link that leads nowhere", "remove it, or copy the file")


def _no_part(name: str, shipped: Mapping[str, str]) -> Problem:
    plain = name.lower().removeprefix("templates/").removesuffix(".txt")
    if plain in shipped or (plain.startswith("kinds/") and plain.endswith(".mjml")):
        close = [plain]
    else:
        close = difflib.get_close_matches(name, shipped, n=1, cutoff=0.8)
    hint = f"did you mean {close[0]}?" if close else _LISTED
    return problem(name, None, "the design has no part of that name", hint)


def _unused(parts: Mapping[str, str], shipped: Mapping[str, str]) -> Iterator[Problem]:
    """Files of the workspace's own that no other part asks for, and that are no kind of section."""
    for name in sorted(parts.keys() - shipped.keys()):
        stem, _, ending = name.rpartition(".")
        if not name.startswith("kinds/") or stem.endswith(ENDINGS):
            yield _no_part(name, shipped)
        elif ending == "txt" and f"{stem}.mjml" not in parts:
            message = f"nothing is shown by it: there is no {stem}.mjml"
            yield problem(name, None, message, "a kind of section begins with its .mjml")
        elif ending == "mjml" and not _is_used(name, parts):
            hint = 'begin a kind of section with {# kind, then title.en = "…" on its line, then #}'
            yield problem(name, 1, "no section is shown by it: it has no header", hint)


def _is_used(name: str, parts: Mapping[str, str]) -> bool:
    try:
        is_kind = read_kind(parts[name], name=Path(name).stem, file=name) is not None
    except ConfigError:
        return True  # it has a header, which was named
    return is_kind or any(f'"{name}"' in source for source in parts.values())


def _not_shown(name: str, source: str, kind: Kind) -> Iterator[Problem]:
    """What a kind has to show, or says in its header that it does, and stands nowhere below."""
    header, _, below = source.partition("#}")
    if "{% include" in below:
        return
    below = _IMPORTS.sub("", below)
    for what, (names, write) in _EACH_SHOWS.items():
        if not re.search(rf"\b(?:{names})\b", below):
            yield problem(name, None, f"it does not show a piece's {what}", f"write {write}")
    for key in kind.shows:
        shown = _SHOWN_AS.get(key, key)
        if key in FACTS and not re.search(rf"\b(?:{shown})\b", below):
            line = next(
                (at for at, one in enumerate(header.splitlines(), 1) if f'"{key}' in one), 1
            )
            hint = f"write {{{{ p.details.{shown.partition('|')[0]} }}}} where it should stand"
            yield problem(name, line, f"its header has {key}, and it does not show that", hint)


def _untitled(name: str, source: str, kind: Kind, languages: Sequence[str]) -> Iterator[Problem]:
    lines = enumerate(source.splitlines(), start=1)
    line = next((at for at, words in lines if words.lstrip(" [").startswith("title")), 1)
    for language in languages:
        if first_same(language, kind.titles) is None:
            hint = f'write title.{language} = "…" in its header'
            yield problem(name, line, f"the kind has no title in {language}", hint)
