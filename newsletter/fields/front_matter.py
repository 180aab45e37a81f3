"""YAML front matter: the lines between `---` and `---` at the top of a text."""

import re
from dataclasses import dataclass

from newsletter.errors import ConfigError
from newsletter.fields.table import Table
from newsletter.fields.tree import table_of
from newsletter.fields.yaml import load_yaml

_OPENING = re.compile(r"[^\S\n]*---[^\S\n]*(?:\n|\Z)")
_CLOSING = re.compile(r"^---[^\S\n]*(?:\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontMatter:
    """The values, the text below them, and the line of the file on which that text begins."""

    table: Table
    body: str
    first_line: int


def split(text: str, *, file: str, hint: str, only_text: bool = False) -> FrontMatter:
    """Return a text's front matter and the rest. ConfigError with file, line and hint.

    `hint` says how such a file begins. With `only_text` every value stays as it is written.
    """
    text = text.replace("\r\n", "\n")
    opening = _OPENING.match(text)
    if opening is None:
        raise ConfigError("the file does not begin with ---", file=file, line=1, hint=hint)
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise ConfigError(
            "the lines at the top are never closed",
            file=file,
            line=1,
            hint="add a line with --- below them",
        )
    yaml = text[opening.end() : closing.start()]
    tree = load_yaml(yaml, file=file, first_line=2, only_text=only_text)
    return FrontMatter(
        table=table_of(
            {} if tree is None else tree, file=file, first_line=2, numbers_are_text=True
        ),
        body=text[closing.end() :],
        first_line=text.count("\n", 0, closing.end()) + 1,
    )
