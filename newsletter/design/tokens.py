"""Design tokens: the colours (light and dark), type and spacing that a coalition changes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
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
    accent: str
    accent_text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    """Font families by name, without quotes; sizes in pixels, leading in lines' own heights."""

    family: str
    heading_family: str
    leading: float
    heading_leading: float
    size: int
    small: int
    standfirst: int
    title: int
    heading: int
    item: int


SIZES = tuple(field.name for field in fields(Type) if field.type is int)


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What a script has of its own. `scale` is the size of its letters in per cent."""

    family: str
    heading_family: str
    leading: float
    heading_leading: float
    scale: int


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
    """The whole of `templates/tokens.toml`. `scripts` are by ISO 15924 code: `Arab`."""

    light: Colours
    dark: Colours
    type: Type
    space: Space
    scripts: Mapping[str, Script]

    def type_for(self, language: str) -> Type:
        """Return the type for a BCP 47 tag, as its script needs it."""
        return dict(self.types()).get(script_of(language), self.type)

    def types(self) -> Iterator[tuple[str, Type]]:
        """Yield the type that is everybody's, under no name, and each script's by its code."""
        yield "", self.type
        for code, script in self.scripts.items():
            own = {field.name: getattr(script, field.name) for field in fields(Script)}
            scale = own.pop("scale")
            sizes = {name: round(getattr(self.type, name) * scale / 100) for name in SIZES}
            yield code, replace(self.type, **own, **sizes)


def script_of(language: str) -> str:
    """Return the ISO 15924 code of what a tag is written in: its own, else CLDR's likely one."""
    from babel.core import get_global

    parts = language.replace("_", "-").split("-")
    named = next((part for part in parts[1:] if len(part) == 4 and part.isalpha()), "")
    if named:
        return named.title()
    likely = get_global("likely_subtags")
    region = next((part.upper() for part in parts[1:] if len(part) == 2), "")
    found = likely.get(f"{parts[0].lower()}_{region}") or likely.get(parts[0].lower(), "")
    return next((part for part in found.split("_") if len(part) == 4), "Latn")


def read_tokens(data: Mapping[str, Any], *, shipped: Mapping[str, Any], file: str) -> Tokens:
    """Read the tokens of a parsed file over the shipped ones; ConfigError names what is unknown or
    malformed."""
    expected = {"light": Colours, "dark": Colours, "type": Type, "space": Space}
    for name in data.keys() - expected.keys():
        raise ConfigError(
            f"unknown table [{name}]", file=file, hint=f"known: {', '.join(expected)}"
        )
    plain, scripts = _without_scripts(data)
    usual, usual_scripts = _without_scripts(shipped)
    tables = {
        name: _table(plain.get(name, {}), usual[name], name, kind, file)
        for name, kind in expected.items()
    }
    letters = {name: getattr(tables["type"], name) for name in ("family", "heading_family")}
    leading = {name: getattr(tables["type"], name) for name in ("leading", "heading_leading")}
    return Tokens(
        **tables,
        scripts={
            code: _table(
                scripts.get(code, {}),
                {**letters, **leading, "scale": 100, **usual_scripts.get(code, {})},
                f"type.{code}",
                Script,
                file,
            )
            for code in sorted(scripts.keys() | usual_scripts.keys())
        },
    )


def _without_scripts(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The tables without those of scripts, which stand below `type`, and those."""
    own = data.get("type", {})
    if not isinstance(own, dict):
        return data, {}
    scripts = {code: table for code, table in own.items() if isinstance(table, dict)}
    return {**data, "type": {key: own[key] for key in own.keys() - scripts.keys()}}, scripts


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
    if type_ is float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= 3:
            raise ConfigError(
                f"{name} must be a number from 1 to 3", file=file, hint="for example 1.55"
            )
        return
    if type_ is int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ConfigError(
                f"{name} must be a number of pixels", file=file, hint="without px, without quotes"
            )
        return
    pattern, form, example = _HEX, "#rrggbb", "#0b5c56"
    if "family" in name:
        pattern, form, example = _FONTS, "font names, no quotes", "Georgia, serif"
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ConfigError(f"{name} must be {form}", file=file, hint=f'for example "{example}"')


SMALLEST_TEXT = 14
