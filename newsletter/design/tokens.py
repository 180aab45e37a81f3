"""Design tokens: the colours (light and dark), type and spacing that a coalition changes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from newsletter.errors import ConfigError

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_FONTS = re.compile(r"[A-Za-z0-9 ,-]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Colours:
    """One colour scheme, each `#rrggbb`."""

    page: str
    card: str
    text: str
    muted: str
    link: str
    rule: str
    band: str
    band_text: str
    button: str
    button_text: str
    alert: str
    alert_text: str
    soft: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    """Font families by name, without quotes; sizes in pixels."""

    family: str
    heading_family: str
    size: int
    small: int
    title: int
    heading: int
    item: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Space:
    """Distances in pixels."""

    width: int
    side: int
    section: int
    item: int
    radius: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """The whole of `templates/tokens.toml`."""

    light: Colours
    dark: Colours
    type: Type
    space: Space


def read_tokens(data: Mapping[str, Any], *, shipped: Mapping[str, Any], file: str) -> Tokens:
    """Read the tokens of a parsed file over the shipped ones; ConfigError names what is unknown or
    malformed."""
    expected = {"light": Colours, "dark": Colours, "type": Type, "space": Space}
    for name in data.keys() - expected.keys():
        raise ConfigError(
            f"unknown table [{name}]", file=file, hint=f"known: {', '.join(expected)}"
        )
    return Tokens(
        **{
            name: _table(data.get(name, {}), shipped[name], name, kind, file)
            for name, kind in expected.items()
        }
    )


def _table(own: Any, shipped: Mapping[str, Any], name: str, kind: Any, file: str) -> Any:
    if not isinstance(own, dict):
        raise ConfigError(
            f"[{name}] must be a table", file=file, hint=f"write [{name}] on its own line"
        )
    names = {field.name: field.type for field in fields(kind)}
    for key in own.keys() - names.keys():
        raise ConfigError(
            f"unknown token {name}.{key}", file=file, hint=f"known: {', '.join(names)}"
        )
    table = {**shipped, **own}
    for key, type_ in names.items():
        _validate(table[key], type_, f"{name}.{key}", file)
    return kind(**table)


def _validate(value: object, type_: object, name: str, file: str) -> None:
    if type_ is int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ConfigError(
                f"{name} must be a number of pixels", file=file, hint="without px, without quotes"
            )
        return
    pattern, form = (_FONTS, "font names, no quotes") if "family" in name else (_HEX, "#rrggbb")
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ConfigError(f"{name} must be {form}", file=file)


SMALLEST_TEXT = 14
