"""The YAML at the top of a draft: a few keys, each with one value, read with their line numbers."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date
from typing import Any

from newsletter.fields.front_matter import FrontMatter, split
from newsletter.fields.table import Table
from newsletter.model.details import DETAILS, moment_of
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
    "corrects": (ISSUE_ID.fullmatch, "2026-W47"),
    "archive": (_YES_NO.__contains__, "no"),
    "edited_by": (bool, "Rosa and Sami"),
    "picture": (DETAILS["poster"].accepts, "march.jpg, a file in the issue's pictures/"),
    "alt": (bool, "People with lanterns on a bridge"),
    "credit": (bool, "Inés M."),
}


def write(values: Mapping[str, str]) -> str:
    """Return the front matter with its `---` lines; empty values but the subject are left out."""
    rows = [
        f"{key}: {_scalar(value)}".rstrip()
        for key, value in values.items()
        if value or key == "subject"
    ]
    return "\n".join([_FENCE, *rows, _FENCE, ""])


def read(text: str, *, file: str) -> tuple[dict[str, str], FrontMatter]:
    """Return a draft's values by key, and what they were read from. ConfigError with file, line and
    hint when it has none."""
    hint = "add ---, language: en, subject: …, --- above the letter"
    matter = split(text, file=file, hint=hint, only_text=True)
    table = matter.table
    for key in KEYS:
        table.get(key)
    table.close()
    values = {key: _value(table, key) for key in table.values}
    return {key: value for key, value in values.items() if value}, matter


def _value(table: Table, key: str) -> str:
    """Return the value as one line, a list parted by commas. ConfigError unless it is fit."""
    value = table.get(key)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        line = ", ".join(value)
    elif isinstance(value, str):
        _refuse_comment(table, key)
        line = " ".join(value.split())
    else:
        first = next(iter(value or ()), "")
        raise table.error("this key takes one value", "write one line", key=key, at=(first,))
    test, example = KEYS[key]
    try:
        fits = bool(test(line))
    except ValueError:
        fits = False
    if line and not fits:
        raise table.error(f"{key} cannot be {line!r}", f"for example {key}: {example}", key=key)
    return line


def _refuse_comment(table: Table, key: str) -> None:
    """ConfigError where a # cuts a value short: YAML would drop the rest without a word."""
    tree: Any = table.values  # with comments, as ruamel keeps them
    for comment in tree.ca.items.get(key, ()):
        if getattr(comment, "value", "").startswith("#"):
            lost = comment.value.splitlines()[0].strip()
            raise table.error(
                f"everything after the # would be lost: {lost[:40]}",
                'put the value in quotes ("Clinics #1 and #2"), or the comment on its own line',
                key=key,
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
