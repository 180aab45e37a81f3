"""A kind of section of a workspace's own: one file, `kinds/NAME.mjml`, that begins with its facts.

The facts are TOML in a Jinja comment, `{# kind … #}`; docs/templates.md says which.
"""

import re

from newsletter.errors import ConfigError
from newsletter.fields.table import Table, did_you_mean
from newsletter.fields.toml import read_toml
from newsletter.model.details import DETAILS
from newsletter.model.section_kinds import KINDS, Kind

NAME = re.compile(r"[a-z][a-z0-9-]*")
# Files beside the kinds that are none, and what the gallery calls the whole.
_SHARED = frozenset({"parts", "any", "issue"})
# `{# kind of ugly #}` is a comment like any other.
_HEADER = r"\{#[-+]?\s*kind[ \t:]*(?=\r?\n|[-+]?#\}|[\w.-]+\s*=)"
_BEGINS = re.compile(rf"\ufeff?\s*{_HEADER}", re.IGNORECASE)
_LATER = re.compile(_HEADER, re.IGNORECASE)
_TITLES = 'write title.en = "…", title.es = "…"'
_ENDS = re.compile(r"[-+]?#\}")


def read_kind(source: str, *, name: str, file: str) -> Kind | None:
    """Read the kind that a file's header says; None where it has no header.

    ConfigError with file, line and hint when the header cannot be read, or the name is taken.
    """
    begins = _BEGINS.match(source)
    if begins is None and (later := _LATER.search(source)):
        line = source.count("\n", 0, later.start()) + 1
        hint = "move the header to the top of the file"
        raise ConfigError("something stands above the header", file=file, line=line, hint=hint)
    if begins is None:
        return None
    line = source.count("\n", 0, begins.end()) + 1
    if name in KINDS or name in _SHARED:
        hint = "remove its header, or give the file another name"
        raise ConfigError(f"{name} is a name of the program's own", file=file, line=line, hint=hint)
    if not NAME.fullmatch(name):
        hint = "name it in small letters a to z, digits and hyphens, beginning with a letter"
        raise ConfigError(f"no kind can be called {name!r}", file=file, line=line, hint=hint)
    ends = _ENDS.search(source, begins.end())
    if ends is None:
        raise ConfigError("the header never ends", file=file, line=line, hint="put #} after it")
    text = "\n" * (line - 1) + source[begins.end() : ends.start()]
    try:
        return read_toml(text, file=file, environ={}).read(_kind)
    except ConfigError as error:
        error.line = error.line or line
        raise


def _kind(table: Table) -> Kind:
    needs = tuple(
        tuple(_known(key.strip(), "needs", table) for key in re.split(r"\s+or\s+", group))
        for group in table.texts("needs")
    )
    shows = tuple(_known(key, "shows", table) for key in table.texts("shows"))
    topics = table.texts("topics")
    said = table.get("title")
    table.close()
    if not isinstance(said, dict) or not said:
        raise table.error("the kind has no title by language", _TITLES, key="title")
    titles = table.table("title")
    for tag in said:
        if not DETAILS["language"].accepts(tag):
            raise titles.error(f"{tag!r} is no language", _TITLES, key=tag)
    return Kind(
        titles={tag: titles.filled(tag) for tag in said},
        needs=needs,
        shows=tuple(dict.fromkeys((*(key for group in needs for key in group), *shows))),
        topics=topics,
    )


def _known(key: str, where: str, table: Table) -> str:
    if key not in DETAILS:
        raise table.error(f"no such detail: {key!r}", did_you_mean(key, DETAILS), key=where)
    return key
