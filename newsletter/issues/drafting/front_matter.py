"""The YAML at the top of a draft: a few keys, each with one value, read with their line numbers."""

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from newsletter.errors import ConfigError
from newsletter.model.details import moment_of
from newsletter.model.issue import ISSUE_ID

_FENCE = "---"
# What YAML reads back as the same text without quotes; everything else is quoted.
_PLAIN = re.compile(r"[^\W_](?:[\w .,()/+'’“”¡!¿?–—…-]|:(?=\S))*")
_YES_NO = ("yes", "no")


def _is_day(value: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None and bool(date.fromisoformat(value))


# key -> what its value must be (a ValueError or False says no), and an example for the hint.
KEYS: Mapping[str, tuple[Callable[[str], object], str]] = {
    "issue": (ISSUE_ID.fullmatch, "2026-W47"),
    "language": (lambda value: re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", value), "en"),
    "subject": (lambda value: True, "Clinics, a win in court, and Saturday's march"),
    "preheader": (lambda value: True, "Three free clinics this week"),
    "sends_on": (_is_day, "2026-11-20"),
    "fallback": (_YES_NO.__contains__, "yes"),
    "lapses": (lambda value: moment_of(value, UTC), "2026-11-21 18:00"),
    "regions": (bool, "los-angeles, san-diego"),
    "topics": (bool, "housing"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontMatter:
    """The values by key, the line each stands on, and the number of lines up to the closing ---."""

    values: dict[str, str]
    lines: dict[str, int]
    length: int


def write(values: Mapping[str, str]) -> str:
    """The front matter with its two `---` lines; empty values are left out, but for the subject."""
    rows = [
        f"{key}: {_scalar(value)}".rstrip()
        for key, value in values.items()
        if value or key == "subject"
    ]
    return "\n".join([_FENCE, *rows, _FENCE, ""])


def read(text: str, *, file: str) -> FrontMatter:
    """The front matter of a draft. ConfigError with file, line and hint when it is not one."""
    lines = text.split("\n")
    if lines[0].strip() != _FENCE:
        raise ConfigError(
            "the draft does not begin with ---",
            hint="put ---, language: en, subject: …, --- above the letter",
            file=file,
            line=1,
        )
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if end is None:
        raise ConfigError(
            "the lines at the top are never closed",
            hint="put a line of --- under them",
            file=file,
            line=1,
        )
    values: dict[str, str] = {}
    found: dict[str, int] = {}
    for key, value, line in _pairs("\n".join(lines[1:end]), file):
        _accept(key, value, known=found, file=file, line=line)
        found[key] = line
        if value:
            values[key] = value
    return FrontMatter(values=values, lines=found, length=end + 1)


def _accept(key: str, value: str, *, known: Mapping[str, int], file: str, line: int) -> None:
    """ConfigError unless the key is known, new here, and its value is one that it can have."""
    if key not in KEYS:
        close = difflib.get_close_matches(key, KEYS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"the keys are {', '.join(KEYS)}"
        raise ConfigError(f"unknown key {key!r}", hint=hint, file=file, line=line)
    if key in known:
        raise ConfigError(f"{key} stands here twice", hint="keep one of them", file=file, line=line)
    test, example = KEYS[key]
    try:
        fits = bool(test(value))
    except ValueError:
        fits = False
    if value and not fits:
        raise ConfigError(
            f"{key} cannot be {value!r}", hint=f"for example {key}: {example}", file=file, line=line
        )


def _pairs(yaml: str, file: str) -> list[tuple[str, str, int]]:
    try:
        # Positions matter here and types do not: with the base type each scalar stays text.
        root = YAML(typ="base", pure=True).compose(yaml)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise ConfigError(
            f"not YAML: {error.problem}",
            hint=_hint(str(error.problem)),
            file=file,
            line=(mark.line if mark else 0) + 2,
        ) from error
    except YAMLError as error:
        raise ConfigError(
            "a character that YAML does not allow", hint="remove it", file=file, line=1
        ) from error
    except RecursionError as error:
        raise ConfigError("nested too deep", hint="write plain lines", file=file, line=1) from error
    if root is None:
        return []
    if not isinstance(root, MappingNode):
        raise ConfigError(
            "not a list of keys and values", hint="write language: en", file=file, line=2
        )
    for _, value in root.value:
        _refuse_comment(value, yaml, file)
    return [
        (str(key.value), _text(value, file), key.start_mark.line + 2) for key, value in root.value
    ]


def _hint(problem: str) -> str:
    if r"\t" in problem:
        return "put a space where the tab is"
    if "block end" in problem:
        return (
            "a value that begins with a quote ends with it: subject: '\"Papers, please\" no more'"
        )
    return 'a value with : or # in it needs quotes: subject: "Clinics: where and when"'


def _refuse_comment(value: Node, yaml: str, file: str) -> None:
    """ConfigError where a # cuts a value short: YAML would drop the rest without a word."""
    line = value.end_mark.line
    after = yaml.split("\n")[line][value.end_mark.column :] if isinstance(value, ScalarNode) else ""
    if after.strip().startswith("#"):
        raise ConfigError(
            f"what stands after the # would be lost: {after.strip()[:40]}",
            hint='put the value in quotes: subject: "Clinics #1 and #2"; comments have their own',
            file=file,
            line=line + 2,
        )


def _text(node: Node, file: str) -> str:
    if isinstance(node, ScalarNode):
        return " ".join(str(node.value).split())
    if isinstance(node, SequenceNode) and all(isinstance(part, ScalarNode) for part in node.value):
        return ", ".join(str(part.value) for part in node.value)
    raise ConfigError(
        "this key takes one value", file=file, line=node.start_mark.line + 2, hint="write one line"
    )


def _scalar(value: str) -> str:
    line = " ".join(value.split())
    if not line or _PLAIN.fullmatch(line):
        return line
    quoted = json.dumps(line, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
